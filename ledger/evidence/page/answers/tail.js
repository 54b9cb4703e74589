  return { checkAnswer, rowsOf: rowsByTable, evolved, freshOf, writeRatio };
})();
