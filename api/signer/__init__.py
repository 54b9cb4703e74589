"""The signing helper: keys outside the browser sign on their person's machine what a page of the console asks for."""
