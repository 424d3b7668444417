// Takes the place of js/builder.js in a page that is one file: what is built there leads to the playground's own address.

export const build = () => Promise.reject(new Error(texts.onefile.absent));
