  return { checkAnswer, rowsOf: rowsByTable, evolved, freshOf, writeRatio, ratio, plus, minus };
})();
