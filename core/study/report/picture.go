package report

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
)

// Picture returns the figure of a report in which every config of an experiment is a point, as an
// SVG file of its own with a key below it. x and y are metrics or costs at the ends of runs. c is
// the catalogue that the study was parsed with. The error is one of a name that is not there.
func Picture(c *recipe.Catalogue, f *analysis.Findings, experiment, x, y string) ([]byte, error) {
	n, err := newNames(c, f.Study)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range f.Study.Experiments {
		all = append(all, e.Name)
		if e.Name != experiment {
			continue
		}
		p := &page{Options: Options{Catalogue: c}, found: f, names: n, Study: f.Study}
		drawn, ok := p.frontier(e, pair{x, y})
		if !ok {
			return nil, fmt.Errorf("%s or %s is not measured at the ends of all runs", x, y)
		}
		var key []keyEntry
		for i, a := range e.Arms {
			key = append(key, keyEntry{keySign(i, true, true), a.Title})
		}
		return alone(drawn, key), nil
	}
	return nil, param.Unknown("experiment", experiment, all)
}

var (
	link      = regexp.MustCompile(`<a href=.*?</a>`)
	signStyle = regexp.MustCompile(`style="width:([0-9.]+)px;height:12px" aria-hidden="true"`)
)

// alone returns a figure as a file: with the colours of the page, a ground, and a key, and without
// links, since a picture in a page has none.
func alone(f figure, key []keyEntry) []byte {
	const row = 18
	height := int(high) + 8 + row*len(key)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %v %d" width="540" `+
		`font-family="sans-serif">`, float64(wide), height)
	fmt.Fprintf(&b, "<style>%s</style>", colours())
	fmt.Fprintf(&b, `<rect width="%v" height="%d" style="fill:var(--card)"/>`, float64(wide),
		height)
	inner := link.ReplaceAllString(string(f.SVG), "")
	inner = strings.Replace(inner, "<svg ", fmt.Sprintf(`<svg width="%v" height="%v" `,
		float64(wide), float64(high)), 1)
	b.WriteString(inner)
	for i, k := range key {
		y := int(high) + 4 + row*i
		sign := signStyle.ReplaceAllString(string(k.Sign), `width="$1" height="12"`)
		b.WriteString(strings.Replace(sign, "<svg ", fmt.Sprintf(`<svg x="12" y="%d" `, y), 1))
		fmt.Fprintf(&b, `<text x="54" y="%d" font-size="11" style="fill:var(--ink)">%s</text>`,
			y+10, html.EscapeString(k.Title))
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// colours returns the part of the page's style that has its colours.
func colours() string {
	style, _, _ := strings.Cut(pageStyle, "* {")
	return oneLine(style)
}
