// Takes the place of js/finder.js in a page that is one file, which has one experiment.

export const find = () => Promise.reject(new Error(texts.onefile.absent));
