// What the site was built with: the menu, the glossary, the scenes, and the first recipe with pictures of it. See site/welcome.go.

import { file } from "./files.js";

export const welcome = await (await file("welcome.json")).json();
