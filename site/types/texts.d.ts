// What the build puts into the modules: see language.go.

declare global {
  /** The texts of the page, in the language that is built. */
  const texts: typeof import("../text/en.json");
  /** Properties for an element with a text that is in English in every language: null if the page is in English. */
  const inEnglish: { lang: string } | null;
}

export {};
