"use strict";
/*
 * Tells people what the statements of a bundle say: sentences, names, breaches in words, and what became of an item. It
 * verifies nothing and touches no page; whoever shows what it tells says how far that is proven. Its words and templates
 * are the tables of the program in Python (WORDS, put here by scripts/seal_page.py), and so is what it makes of them,
 * letter for letter. Nothing that a statement may hold makes it fail.
 *
 * A reader is {language, zone, names, about, quote}. zone: {minutes, jurisdiction}, the local time that times are told
 * in. names: from an id to what people call it, or null. about: the id that is asked about; of a list that names it no
 * other row is told. quote: marks a text that a statement holds, as it stands, apart from the words around it.
 */
