package article

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// Text returns the article as plain text for a terminal.
func (a Article) Text() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.heading())
	for _, p := range a.Paragraphs {
		p.text(&b)
	}
	knobs := a.allKnobs()
	if len(knobs) > 0 {
		fmt.Fprintln(&b, "\nKnobs:")
	}
	for _, k := range knobs {
		b.WriteString(prose.Wrap(knobLine(k), "  ") + prose.Wrap(k.Doc, "      "))
	}
	return b.String()
}

// text writes the paragraph as plain text.
func (p Paragraph) text(b *strings.Builder) {
	lead := ""
	if p.Heading != "" {
		lead = p.Heading + ": "
	}
	switch {
	case p.isEmpty():
		return
	case p.Code && !p.Words:
		fmt.Fprintf(b, "\n%s%s\n", lead, p.Text)
	case p.Text != "" || p.See != nil:
		b.WriteString("\n" + prose.Wrap(lead+strings.TrimSpace(p.Text+" "+p.seen()), ""))
	default:
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(lead))
	}
	for _, i := range p.Items {
		b.WriteString(prose.Wrap(i.Name+": "+i.Text, "  "))
	}
}

// seen lists what a terminal can be asked for next, as in "method/grpo, task/cards".
func (p Paragraph) seen() string {
	return strings.Join(names(p.See, func(r Ref) string { return r.Kind + "/" + r.Name }), ", ")
}

// knobLine returns a line on a knob: its name, default, unit, and the values that it accepts.
func knobLine(k param.Knob) string {
	unit := ""
	if k.Unit != "" {
		unit = " (" + k.Unit + ")"
	}
	return k.Name + "=" + knobDefault(k) + unit + ": " + k.Accepts()
}
