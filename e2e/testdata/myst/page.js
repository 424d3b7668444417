// Draws a page that MyST has built with the components of its themes: these are packages, and the themes around them are not.

import { ThemeProvider } from "@myst-theme/providers";
import { ANY_RENDERERS } from "@myst-theme/anywidget";
import { DEFAULT_RENDERERS, MyST } from "myst-to-react";
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";

const { mdast, frontmatter } = await (await fetch("content/index.json")).json();
const renderers = { ...DEFAULT_RENDERERS, ...ANY_RENDERERS };
createRoot(document.querySelector("main")).render(h(ThemeProvider, { theme: "light", renderers }, h("h1", null, frontmatter.title), h(MyST, { ast: mdast })));
