  return { checkAnswer, rowsOf: rowsByTable };
})();
