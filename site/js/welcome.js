// What the site was built with: the menu, the glossary, the scenes, and the first recipe with pictures of it. See site/welcome.go.

export const welcome = await (await fetch(new URL("../welcome.json", import.meta.url))).json();
