"use strict";
/*
 * The page: hands the chosen files to the verifier, has its answer told, and shows both. Decides nothing about a bundle
 * itself, and shows nothing of one as more than the verifier found. Whatever comes out of a bundle reaches the page as
 * text alone, its unprintable characters replaced, and stands apart from the words around it.
 */
