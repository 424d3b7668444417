package site

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// The functions below write parts of a picture as js/still.js does, into a page that shows it
// before any script has come.

// points writes the points of a line.
func points(line []scene.Point) string {
	var all []string
	for _, p := range line {
		all = append(all, fmt.Sprintf("%.4g,%.4g", p.X, p.Y))
	}
	return strings.Join(all, " ")
}

// dotCorners has the corners of dots of size 1, as corners in js/still.js; a disc has none.
func dotCorners(s scene.Shape) []scene.Point {
	switch s {
	case scene.Square:
		return []scene.Point{{X: -0.43, Y: -0.43}, {X: 0.43, Y: -0.43}, {X: 0.43, Y: 0.43},
			{X: -0.43, Y: 0.43}}
	case scene.Diamond:
		return []scene.Point{{Y: -0.6}, {X: 0.6}, {Y: 0.6}, {X: -0.6}}
	case scene.Triangle:
		return []scene.Point{{Y: -0.6}, {X: 0.58, Y: 0.42}, {X: -0.58, Y: 0.42}}
	}
	return nil
}

// dot writes a dot with a rim.
func dot(d scene.Dot) template.HTML {
	look := fmt.Sprintf(`class="rimmed %s" stroke-width="%.2g" transform="translate(%.4g %.4g) `+
		`scale(%g)"`, d.Role, 2*d.Rim/d.Size, d.At.X, d.At.Y, d.Size)
	if corners := dotCorners(d.Shape); corners != nil {
		return template.HTML(fmt.Sprintf(`<polygon %s points="%s"/>`, look, points(corners)))
	}
	return template.HTML(fmt.Sprintf(`<circle %s r="0.5"/>`, look))
}
