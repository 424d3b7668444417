// The page of one experiment, for other pages: embed.html.

import { carriedLink } from "./files.js";
import { enter } from "./framed.js";

await enter(() => location.hash.slice(1) || location.search.slice(1).replace("&", "?") || carriedLink);
