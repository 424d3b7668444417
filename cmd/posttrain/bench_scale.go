package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/workload"
)

// scaled is the processor time of an SFT step of some size.
type scaled struct {
	weights, tokens int
	ms              float64
}

// scaleRow is the number of tokens of a row of what scale times.
const scaleRow = 64

// scale measures SFT steps of many sizes and writes what they take as a table and as a plot.
func (c *benchCommand) scale(env *environment) error {
	env.logStart("bench", int(c.Threads))
	var byWeights, byTokens []scaled
	for _, shape := range scaleShapes() {
		s, err := c.scaled(env, shape, 1024)
		if err != nil {
			return err
		}
		byWeights = append(byWeights, s)
	}
	for tokens := 256; tokens <= 4096; tokens *= 2 {
		s, err := c.scaled(env, workload.Medium().Config, tokens)
		if err != nil {
			return err
		}
		byTokens = append(byTokens, s)
	}
	for _, file := range []struct {
		name    string
		content []byte
	}{
		{"scale.csv", scaleTable(slices.Concat(byWeights, byTokens))},
		{"scale.svg", scalePlot(byWeights, byTokens)},
	} {
		if err := os.WriteFile(filepath.Join(c.Scale, file.name), file.content, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(env.out, "wrote scale.csv and scale.svg in %s; kernels: %s\n", c.Scale,
		num.Backend())
	return nil
}

// scaleShapes returns shapes from 0.05M to 100M weights, each about two or four times the one
// before.
func scaleShapes() (shapes []model.Config) {
	for _, s := range [...]struct{ dim, layers, heads, hidden int }{
		{48, 2, 4, 128}, {64, 2, 4, 176}, {96, 3, 4, 256}, {128, 4, 4, 344}, {192, 5, 6, 512},
		{256, 6, 8, 688}, {384, 6, 8, 1024}, {512, 8, 8, 1376}, {768, 7, 12, 2048},
		{1024, 8, 16, 2752},
	} {
		shapes = append(shapes, model.Config{Vocab: 32, Dim: s.dim, Layers: s.layers,
			Heads: s.heads, Hidden: s.hidden, Context: scaleRow})
	}
	return shapes
}

func (c *benchCommand) scaled(env *environment, shape model.Config, tokens int) (scaled, error) {
	s := scaled{weights: shape.Weights(), tokens: tokens}
	fmt.Fprintf(env.err, "timing %d weights, %d tokens\n", s.weights, tokens)
	work := workload.NewRows(workload.Model{Config: shape, Tokens: scaleRow}, tokens/scaleRow,
		int(c.Threads))
	seconds := c.timeBy(env.processorTime, env, func() { work.SFT() })
	s.ms = math.Round(1e5*seconds) / 100 // as in the table
	return s, env.interrupted("nothing was kept")
}

func scaleTable(all []scaled) []byte {
	var out bytes.Buffer
	out.WriteString("weights,tokens,ms,ns_per_weight_and_token\n")
	for _, s := range all {
		fmt.Fprintf(&out, "%d,%d,%.2f,%.4f\n", s.weights, s.tokens, s.ms,
			1e6*s.ms/float64(s.weights)/float64(s.tokens))
	}
	return out.Bytes()
}

// scalePlot draws both series with logarithmic axes, each with the line that is proportional to
// its largest size.
func scalePlot(byWeights, byTokens []scaled) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 400" `+
		`font-family="sans-serif" font-size="13">
<title>The processor time of an SFT step grows in proportion to weights and tokens</title>
<rect width="920" height="400" fill="#fff"/>
`)
	panel(&out, 70, "SFT step of 1024 tokens, processor time", "weights", byWeights,
		func(s scaled) float64 { return float64(s.weights) })
	panel(&out, 530, fmt.Sprintf("SFT step of %.1fM weights, processor time",
		float64(byTokens[0].weights)/1e6),
		"tokens", byTokens, func(s scaled) float64 { return float64(s.tokens) })
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// panel draws one series: the time over x.
func panel(out *bytes.Buffer, left float64, title, axis string, series []scaled,
	x func(scaled) float64) {
	const width, height, top = 340, 290, 40
	last := series[len(series)-1]
	perX := last.ms / x(last)
	low, high := math.Inf(1), 0.0
	for _, s := range series {
		low, high = min(low, s.ms, perX*x(s)), max(high, s.ms, perX*x(s))
	}
	acrossX := newDecades(x(series[0]), x(last), left, left+width)
	acrossY := newDecades(low, high, top+height, top)
	fmt.Fprintf(out, `<text x="%g" y="22" font-weight="bold">%s</text>`+"\n", left, title)
	for _, tick := range acrossX.ticks() {
		fmt.Fprintf(out, `<path d="M%.1f %d v%d" stroke="#ddd"/><text x="%.1f" y="%d" `+
			`text-anchor="middle" fill="#555">%s</text>`+"\n", acrossX.at(tick), top, height,
			acrossX.at(tick), top+height+18, inShort(tick))
	}
	for _, tick := range acrossY.ticks() {
		fmt.Fprintf(out, `<path d="M%g %.1f h%d" stroke="#ddd"/><text x="%g" y="%.1f" `+
			`text-anchor="end" fill="#555">%s ms</text>`+"\n", left, acrossY.at(tick), width, left-6,
			acrossY.at(tick)+4, inShort(tick))
	}
	fmt.Fprintf(out, `<text x="%g" y="%d" text-anchor="middle">%s</text>`+"\n", left+width/2,
		top+height+40, axis)
	fmt.Fprintf(out, `<path d="M%.1f %.1f L%.1f %.1f" stroke="#999" stroke-dasharray="5 4"/>`+"\n",
		acrossX.at(x(series[0])), acrossY.at(perX*x(series[0])), acrossX.at(x(last)),
		acrossY.at(last.ms))
	for _, s := range series {
		fmt.Fprintf(out, `<circle cx="%.1f" cy="%.1f" r="4.5" fill="#0b6fb8"><title>%s %s: %.1f ms`+
			`</title></circle>`+"\n", acrossX.at(x(s)), acrossY.at(s.ms), inShort(x(s)), axis, s.ms)
	}
}

// decades is a logarithmic axis of whole powers of ten, from a place on the page to another.
type decades struct {
	first, last int // exponents
	from, to    float64
}

func newDecades(low, high, from, to float64) decades {
	return decades{int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high))), from, to}
}

func (d decades) at(x float64) float64 {
	return d.from + (math.Log10(x)-float64(d.first))/float64(d.last-d.first)*(d.to-d.from)
}

func (d decades) ticks() (ticks []float64) {
	for e := d.first; e <= d.last; e++ {
		ticks = append(ticks, math.Pow(10, float64(e)))
	}
	return ticks
}

// inShort writes a number with a letter for thousands, millions or billions.
func inShort(x float64) string {
	switch {
	case x >= 1e9:
		return fmt.Sprintf("%.3gG", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.3gM", x/1e6)
	case x >= 1e3:
		return fmt.Sprintf("%.3gk", x/1e3)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}
