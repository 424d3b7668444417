// For 404.html, which many static hosts show in the place of a page that is not there: some mailers write the # of a link as %23, so that
// it leads to a page by that name. Here the # becomes one again.

if (location.pathname.includes("%23")) location.replace(location.href.replace("%23", "#"));
