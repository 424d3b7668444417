package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// figure is a picture with its numbers.
type figure struct {
	ID, Title, Text string
	SVG             template.HTML
	Key             []keyEntry // nil if the key of its experiment is its own
	Head            []string
	Rows            [][]string
}

// The size of a figure in points. On a narrow screen a point is about a pixel.
const (
	wide = 360 * vg.Length(1)
	high = 250 * vg.Length(1)
)

// ink is a colour of a figure: a place in the palette of the page, so that it follows the page's
// light or dark scheme.
type ink uint8

const (
	inkText ink = iota
	inkSoft
	inkLine
	inkArm // of the first arm; those of further arms follow
)

// arms is the number of colours and signs for arms. Further arms use them again, hollow.
const arms = 4

// inkOf returns the colour of an arm.
func inkOf(arm int) ink { return inkArm + ink(arm%arms) }

// faint returns the colour as a transparent area.
func (i ink) faint() ink { return i + 64 }

// RGBA returns a colour that stands for the ink until themed replaces it.
func (i ink) RGBA() (r, g, b, a uint32) {
	return color.RGBA{R: 1 + uint8(i), G: 2, B: 3, A: 255}.RGBA()
}

// css returns the style that takes the place of the colour.
func (i ink) css() string {
	if i >= 64 {
		return (i - 64).css() + ";fill-opacity:.16"
	}
	return [...]string{"var(--ink)", "var(--soft)", "var(--line)", "var(--lane0)", "var(--lane1)",
		"var(--lane2)", "var(--lane3)"}[i]
}

// code returns the colour as vgsvg writes it.
func (i ink) code() string {
	r, g, b, a := i.RGBA()
	scale := 255 / float64(a)
	return fmt.Sprintf("#%02X%02X%02X", int(float64(r)*scale), int(float64(g)*scale),
		int(float64(b)*scale))
}

// hit is a place of a figure that leads somewhere.
type hit struct {
	x, y        vg.Length
	href, title string
}

// chart is a figure in the making.
type chart struct {
	plot *plot.Plot
	hits []hit
}

func newChart(x, y string) *chart {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(11)
		axis.Label.TextStyle.Color = inkText
		axis.Tick.Label.Font = sans(10)
		axis.Tick.Label.Color = inkSoft
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = inkSoft, inkSoft
		axis.Tick.Length = 4
		axis.Tick.Marker = ticks{}
		axis.Label.Padding = 3
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = inkLine, inkLine
	p.Add(grid)
	return &chart{plot: p}
}

// ticks are the usual ticks, with numbers as short as they can be.
type ticks struct{}

// Ticks returns the ticks of an axis.
func (ticks) Ticks(low, high float64) []plot.Tick {
	all := plot.DefaultTicks{}.Ticks(low, high)
	for i := range all {
		if all[i].Label != "" {
			all[i].Label = minus.Replace(strconv.FormatFloat(all[i].Value, 'g', 4, 64))
		}
	}
	return all
}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// svg draws the chart. label names it for readers of the screen.
func (c *chart) svg(id, title, text string) template.HTML {
	canvas := vgsvg.New(wide, high)
	// Other fonts than that of the chart are higher, so there is room for them at the edges.
	c.plot.Draw(draw.Crop(draw.NewCanvas(canvas, wide, high), 5, -10, 4, -6))
	var b bytes.Buffer
	canvas.WriteTo(&b) // a buffer takes all of it
	_, inner, _ := strings.Cut(b.String(), "xlink\">")
	inner = strings.TrimSuffix(strings.TrimSpace(inner), "</svg>")
	var out strings.Builder
	fmt.Fprintf(&out, `<svg viewBox="0 0 %v %v" role="group" aria-labelledby="%s-t %s-d">`+
		`<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, float64(wide), float64(high), id,
		id, id, html.EscapeString(title), id, html.EscapeString(text))
	out.WriteString(themed(fitted(inner)))
	for _, h := range c.hits {
		fmt.Fprintf(&out, `<a href="%s" tabindex="-1"><circle cx="%.1f" cy="%.1f" r="9" `+
			`fill="transparent"><title>%s</title></circle></a>`, html.EscapeString(h.href),
			float64(h.x), float64(high-h.y), html.EscapeString(h.title))
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// themed puts the colours of the page in the place of those of the chart.
func themed(svg string) string {
	var pairs []string
	for i := inkText; i < inkArm+arms; i++ {
		pairs = append(pairs, i.code(), i.css(), i.faint().code(), i.faint().css())
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}

var svgText = regexp.MustCompile(`(?s)<text x="([^"]*)" y="([^"]*)" transform="([^"]*)"\s*` +
	`style="[^"]*font-size:(\d+)px;?([^"]*)">([^<]*)</text>`)

// fitted gives every text the width that it has in the font of the chart, whatever font there is.
func fitted(svg string) string {
	return svgText.ReplaceAllStringFunc(svg, func(text string) string {
		m := svgText.FindStringSubmatch(text)
		size, _ := strconv.ParseFloat(m[4], 64)
		face := font.DefaultCache.Lookup(sans(vg.Length(size)), vg.Length(size))
		width := face.Width(html.UnescapeString(m[6]))
		return fmt.Sprintf(`<text x="%s" y="%s" transform="%s" font-size="%s" style="%s" `+
			`textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`, m[1], m[2], m[3], m[4],
			m[5], float64(width), m[6])
	})
}

// mark is a point of a chart.
type mark struct {
	x, y        float64
	xs, ys      *[2]float64 // the ends of its bars; nil means that it has none
	arm         int
	small       bool
	href, title string
}

// marks draws points with bars.
type marks struct {
	all   []mark
	chart *chart
}

// DataRange returns what the axes have to cover.
func (m marks) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range m.all {
		xs, ys := [2]float64{p.x, p.x}, [2]float64{p.y, p.y}
		if p.xs != nil {
			xs = *p.xs
		}
		if p.ys != nil {
			ys = *p.ys
		}
		xmin, xmax = min(xmin, xs[0]), max(xmax, xs[1])
		ymin, ymax = min(ymin, ys[0]), max(ymax, ys[1])
	}
	return xmin, xmax, ymin, ymax
}

// Plot draws the points.
func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, one := range m.all {
		style := draw.LineStyle{Color: inkOf(one.arm), Width: 1}
		at := vg.Point{X: x(one.x), Y: y(one.y)}
		if one.xs != nil {
			c.StrokeLine2(style, x(one.xs[0]), at.Y, x(one.xs[1]), at.Y)
		}
		if one.ys != nil {
			c.StrokeLine2(style, at.X, y(one.ys[0]), at.X, y(one.ys[1]))
		}
		size := vg.Length(4.2)
		if one.small {
			size = 3.2
		}
		c.DrawGlyph(draw.GlyphStyle{Color: inkOf(one.arm), Radius: size, Shape: sign(one.arm)}, at)
		if one.href != "" {
			m.chart.hits = append(m.chart.hits, hit{at.X, at.Y, one.href, one.title})
		}
	}
}

// sign returns the shape of an arm.
func sign(arm int) draw.GlyphDrawer {
	return glyph{arm % arms, arm >= arms}
}

// glyph is a circle, a square, a diamond or a triangle.
type glyph struct {
	shape  int
	hollow bool
}

// corners has the corners of the shapes after the circle, in units of its radius.
var corners = [arms - 1][]vg.Point{
	{{X: 0.9, Y: 0.9}, {X: -0.9, Y: 0.9}, {X: -0.9, Y: -0.9}, {X: 0.9, Y: -0.9}},
	{{X: 1.25, Y: 0}, {X: 0, Y: 1.25}, {X: -1.25, Y: 0}, {X: 0, Y: -1.25}},
	{{X: 0, Y: 1.3}, {X: -1.15, Y: -0.7}, {X: 1.15, Y: -0.7}},
}

// DrawGlyph draws the shape.
func (g glyph) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	var path vg.Path
	r := style.Radius
	if g.shape == 0 {
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
	} else {
		for i, corner := range corners[g.shape-1] {
			to := vg.Point{X: at.X + vg.Length(float64(r*corner.X)),
				Y: at.Y + vg.Length(float64(r*corner.Y))}
			if i == 0 {
				path.Move(to)
				continue
			}
			path.Line(to)
		}
	}
	path.Close()
	c.SetColor(style.Color)
	if g.hollow {
		c.SetLineWidth(1.4)
		c.Stroke(path)
		return
	}
	c.Fill(path)
}

// dashes returns the pattern of an arm's lines.
func dashes(arm int) []vg.Length {
	return [][]vg.Length{nil, {6, 3}, {2, 2}, {8, 3, 2, 3}}[arm%arms]
}

// path is a line of a chart with a band around it.
type path struct {
	xs, ys    []float64
	low, high []float64 // nil means that there is no band
	arm       int
	thin      bool
}

// DataRange returns what the axes have to cover.
func (l path) DataRange() (xmin, xmax, ymin, ymax float64) {
	m := marks{}
	for i := range l.xs {
		one := mark{x: l.xs[i], y: l.ys[i]}
		if l.low != nil {
			one.ys = &[2]float64{l.low[i], l.high[i]}
		}
		m.all = append(m.all, one)
	}
	return m.DataRange()
}

// Plot draws the line and its band.
func (l path) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	point := func(i int, v float64) vg.Point { return vg.Point{X: x(l.xs[i]), Y: y(v)} }
	if l.low != nil {
		var band vg.Path
		for i := range l.xs {
			if i == 0 {
				band.Move(point(i, l.high[i]))
				continue
			}
			band.Line(point(i, l.high[i]))
		}
		for i := len(l.xs) - 1; i >= 0; i-- {
			band.Line(point(i, l.low[i]))
		}
		band.Close()
		c.SetColor(inkOf(l.arm).faint())
		c.Fill(band)
	}
	style := draw.LineStyle{Color: inkOf(l.arm), Width: 1.8, Dashes: dashes(l.arm)}
	if l.thin {
		style.Width = 1
	}
	var points []vg.Point
	for i := range l.xs {
		points = append(points, point(i, l.ys[i]))
	}
	c.StrokeLines(style, points)
}
