package lesson

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// markdown returns a parser and renderer of the Markdown that lessons may have.
func markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.TaskList, extension.NewTable(
			extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(
			util.Prioritized(placeRenderer{}, 100))),
	)
}

// kindPlace is the kind of a place.
var kindPlace = ast.NewNodeKind("Place")

// place is where the page writes the newest value of a metric.
type place struct {
	ast.BaseInline
	lane, metric string
}

func (*place) Kind() ast.NodeKind { return kindPlace }

func (p *place) Dump(source []byte, level int) { ast.DumpHelper(p, source, level, nil, nil) }

// placeRenderer writes places as HTML.
type placeRenderer struct{}

func (placeRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindPlace, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (
		ast.WalkStatus, error) {
		if p := n.(*place); entering {
			fmt.Fprintf(w, `<output class="value" data-lane="%s" data-metric="%s">…</output>`,
				html.EscapeString(p.lane), html.EscapeString(p.metric))
		}
		return ast.WalkContinue, nil
	})
}

// line returns the line of a node in the source, from 1.
func (w *writer) line(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at, ok := offset(n); ok {
			return 1 + bytes.Count(w.source[:at], []byte("\n"))
		}
	}
	return 1
}

// offset returns where a node begins. ok is false if it does not know that.
func offset(n ast.Node) (at int, ok bool) {
	switch n := n.(type) {
	case *ast.Text:
		return n.Segment.Start, true
	case *ast.RawHTML:
		if n.Segments.Len() > 0 {
			return n.Segments.At(0).Start, true
		}
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start, true
	}
	if c := n.FirstChild(); c != nil {
		return offset(c)
	}
	return 0, false
}

// refine prepares a block for rendering: links open in a new tab, and code such as "=sft id/reward"
// becomes a place. It returns an error about what lessons may not have.
func (w *writer) refine(block ast.Node, r *recipe.Recipe) error {
	var places []*ast.CodeSpan
	err := ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if err := w.allow(n); err != nil {
			return ast.WalkStop, fmt.Errorf("line %d: %w", w.line(n), err)
		}
		switch n := n.(type) {
		case *ast.Link, *ast.AutoLink:
			n.SetAttributeString("rel", []byte("noopener"))
			n.SetAttributeString("target", []byte("_blank"))
		case *ast.CodeSpan:
			if strings.HasPrefix(w.plain(n), "=") {
				places = append(places, n)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return err
	}
	for _, code := range places {
		p, err := w.place(code, r)
		if err != nil {
			return fmt.Errorf("line %d: `%s`: %w", w.line(code), w.plain(code), err)
		}
		code.Parent().ReplaceChild(code.Parent(), code, p)
	}
	return nil
}

// allow returns an error if lessons may not have this node.
func (w *writer) allow(n ast.Node) error {
	switch n := n.(type) {
	case *ast.RawHTML, *ast.HTMLBlock:
		return fmt.Errorf("HTML is not accepted: want Markdown; a < of the text is written &lt;")
	case *ast.Image:
		return fmt.Errorf("pictures are not accepted: want a link, without the exclamation mark")
	case *ast.Heading:
		if n.Level < 3 {
			return fmt.Errorf("a heading of level %d is not accepted here: steps begin with "+
				"## at the start of a line, headings in them with ###", n.Level)
		}
		if len(n.Attributes()) > 0 {
			return fmt.Errorf("this heading has attributes, which only those with ## may have")
		}
	case *extensionast.TaskCheckBox:
		return fmt.Errorf("choices are one list, all of whose entries begin with [ ] or [x], in " +
			"a step whose goal is answer")
	case *ast.Link:
		return checkAddress(string(n.Destination))
	case *ast.AutoLink:
		if n.AutoLinkType == ast.AutoLinkURL {
			return checkAddress(string(n.URL(w.source)))
		}
	}
	return nil
}

// checkAddress returns an error for an address that a lesson may not link to.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"https", "http", "mailto"}, u.Scheme) {
		return fmt.Errorf("link to %s: want an address that begins with https, http or "+
			"mailto", param.Quote(address))
	}
	return nil
}

// place returns the place that code with a = stands for.
func (w *writer) place(code *ast.CodeSpan, r *recipe.Recipe) (*place, error) {
	words := strings.Fields(strings.TrimPrefix(w.plain(code), "="))
	if len(words) != 2 {
		return nil, fmt.Errorf("code that begins with = is a place for a measured value: want a " +
			"lane and a metric, as in `=sft id/accuracy`")
	}
	lane, err := readLane(r, words[0])
	if err != nil {
		return nil, err
	}
	metric, err := readMetric(r, words[1])
	return &place{lane: lane, metric: metric}, err
}

// html returns blocks as HTML.
func (w *writer) html(blocks ...ast.Node) (string, error) {
	var b bytes.Buffer
	for _, n := range blocks {
		if err := w.markdown.Renderer().Render(&b, w.source, n); err != nil {
			return "", err
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// plain returns the text of a node without formatting.
func (w *writer) plain(n ast.Node) string {
	var b strings.Builder
	// the function returns no error, so neither does Walk
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			text := n.Segment.Value(w.source)
			if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
				text = util.ResolveEntityNames(util.ResolveNumericReferences(
					util.UnescapePunctuations(text)))
			}
			b.Write(text)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(w.source))
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}
