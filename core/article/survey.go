package article

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// Work is a work that the survey (arXiv:2603.13985) names in a section, with its counterparts here.
type Work struct {
	Name string   // in the survey
	Ours []string // methods, knobs, and choices such as prompts=band, which together are the work
	Why  string   // why there is nothing here; "" if there is
}

// Section is one section of the survey.
type Section struct {
	Name, Title string // the name starts with the section's number
	Works       []Work
}

// Heading returns the section's number, if it has one, and title.
func (s Section) Heading() string {
	number, _, _ := strings.Cut(s.Name, "-")
	if number[0] > '9' {
		return s.Title
	}
	return number + " " + s.Title
}

// Sections returns the sections of the survey, in its order.
func Sections() []Section { return slices.Clone(survey) }

// survey follows the survey's sections. Which work a reference means was inferred from what it is
// cited for.
var survey = []Section{
	{"3.1-algorithms", "Supervised fine-tuning, algorithm-centric", []Work{
		{"Supervised fine-tuning", []string{"sft"}, ""},
		{"GEM, entropic distribution matching (Li 2024c)", []string{"gem"}, ""},
		{"Token Cleaning (Pang 2025)", []string{"token_cleaning"}, ""},
		{"One-Token Rollout (Ming 2025)", []string{"otr"}, ""},
	}},
	{"3.1-data", "Supervised fine-tuning, data-centric", []Work{
		{"LIMA: few but good demonstrations (Zhou 2023)", []string{"demos"}, ""},
		{"FisherSFT: demonstrations chosen by information gain (Deb 2025b)",
			[]string{"select=fisher"}, ""},
		{"Mixing domains (Li 2025b learns their weights)", []string{"prior"}, ""},
		{"Synthesis of demonstrations (Quan 2025; Condor, Cao 2025a)", nil,
			"every task has an expert that writes as many right demonstrations as are wanted, so " +
				"there is nothing to synthesise"},
	}},
	{"3.2-algorithms", "Reinforcement learning, algorithm-centric", []Work{
		{"PPO, with a critic", []string{"ppo"}, ""},
		{"GRPO", []string{"grpo"}, ""},
		{"ReMax (Li 2023)", []string{"remax"}, ""},
		{"REINFORCE and RLOO (Ahmadian 2024)", []string{"reinforce", "rloo"}, ""},
		{"REINFORCE++ (Hu 2025)", []string{"reinforce_pp"}, ""},
		{"RAFT and its kin (Xiong 2025a)", []string{"raft", "raft_pp"}, ""},
		{"Clip-Cov and KL-Cov (Cui 2025a)", []string{"clip_cov", "kl_cov"}, ""},
		{"Entropy-shaped advantages (Cheng 2025)", []string{"entropy_adv"}, ""},
		{"Entropy-aware advantages (Chen 2025c)", nil, "the formula was not found"},
		{"Weighted token entropy (He 2025a)", nil,
			"which paper is meant was not found; forking_tokens and entropy_adv weigh tokens by " +
				"their entropy"},
		{"GFPO, fewer tokens by filtering rollouts (Shrivastava 2025)", []string{"downsample=gfpo"},
			""},
	}},
	{"3.2-data", "Reinforcement learning, data-centric", []Work{
		{"Rollout selection: PODS (Xu 2025c)", []string{"downsample=pods"}, ""},
		{"Rollout selection (Zhang 2025a)", nil,
			"the rule was not found; dapo leaves out prompts that teach nothing"},
		{"Prompt selection before rollout: GRESO (Zheng 2025)", []string{"prompts=greso"}, ""},
		{"Prompt selection before rollout (Qu 2025)", nil,
			"its formula could only be told from memory, and was not checked"},
		{"Curricula of intermediate difficulty (Zhang 2025d; Yao 2025)", []string{"prompts=band"},
			""},
		{"Priority by advantage or by rare visits (Chen 2025d; Wang 2025a)", nil,
			"tasks have no domains between which to choose"},
	}},
	{"4.1", "A unified objective", []Work{
		{"Common objective: reward less a KL to the reference", []string{"beta"}, ""},
		{"SFT as a policy gradient with an inverse-probability reward", []string{"sft", "dft"}, ""},
	}},
	{"4.2", "SFT to enhance RL", []Work{
		{"LUFFY, off-policy guidance (Yan 2025a)", []string{"luffy"}, ""},
		{"SRFT (Fu 2025b)", []string{"srft"}, ""},
		{"BREAD, branches from expert anchors (Zhang 2025f)", []string{"bread"}, ""},
		{"NFT, negative-aware fine-tuning (Chen 2025a)", []string{"nft"}, ""},
		{"ReLIFT, SFT on what is never solved (Zhu 2025b)", []string{"relift"}, ""},
	}},
	{"4.3", "RL to enhance SFT", []Work{
		{"DFT (Wu 2025)", []string{"dft"}, ""},
		{"iw-SFT (Qin & Springenberg 2025)", []string{"iw_sft"}, ""},
		{"DPO-inspired SFT on offline data (Wang 2024d)", []string{"una"}, ""},
	}},
	{"4.4", "Hybrid training", []Work{
		{"Prefix-RFT (Huang 2025)", []string{"prefix_rft"}, ""},
		{"CHORD (Zhang 2025e)", []string{"chord_mu", "chord_phi"}, ""},
		{"UFT (Liu 2025b)", []string{"uft"}, ""},
		{"HPT, switched by performance (Lv 2025)", []string{"hpt"}, ""},
		{"SRL, step-wise matching reward (Deng 2025)", []string{"srl"}, ""},
	}},
	{"5", "Applications", []Work{
		{"Question answering: \"I do not know\" data and PPO, on the task facts",
			[]string{"sft", "ppo"}, ""},
		{"Mathematics: outcome rewards and GRPO, on the tasks addition and countdown",
			[]string{"grpo"}, ""},
		{"Mathematics: critique and DPO", nil, "critiques are prose; answers here have none"},
		{"Agents: hierarchical RL, sentence rewards for tokens", nil,
			"maze is played in turns, but no method here learns anything above single moves"},
		{"Agents: curricula", []string{"prompts=band"}, ""},
		{"Code: unit tests as rewards, GRPO", nil,
			"a verifier plays the part of the tests; there is no program to write"},
	}},
	{"6", "Common practice", []Work{
		{"SFT, then RL: a lane such as sft~grpo", []string{"sft", "grpo"}, ""},
		{"Importance sampling that makes failures into informative positives", []string{"nft"}, ""},
		{"Memory and LoRA (appendix C)", []string{"rank"}, ""},
	}},
	{"7", "Open problems", []Work{
		{"Partial rollouts", nil, "answers have a dozen tokens; there is nothing to gain"},
		{"Quantisation-aware training", nil,
			"the numerics are float32, so that every run has the same bits everywhere"},
		{"Sparse or indirect rewards: clicks, dwell, self-evaluation", nil,
			"rewards are a verifier's or an annotator's"},
	}},
	{"kin", "Not named as far as known, of the same family", []Work{
		{"SASR, switched by the gradient's norm", []string{"sasr"}, ""},
		{"SuperRL", []string{"superrl"}, ""},
	}},
}

// Built reports whether all counterparts of the work exist.
func (w Work) Built(c *recipe.Catalogue) bool {
	return len(w.Ours) > 0 && !slices.ContainsFunc(w.Ours,
		func(name string) bool { return !isMethod(c, name) && !IsKnob(c, name) })
}

func isMethod(c *recipe.Catalogue, name string) bool {
	_, err := c.Method(name)
	return err == nil
}

// IsKnob reports whether any method has a knob of this name on some task. A text such as
// prompts=band names a choice too, which the knob must have.
func IsKnob(c *recipe.Catalogue, text string) bool {
	name, choice, _ := strings.Cut(text, "=")
	return slices.ContainsFunc(c.Methods(), func(m method.Method) bool {
		return slices.ContainsFunc(train.StageKnobs(c.Tasks()[0], m), func(k param.Knob) bool {
			return k.Name == name && (choice == "" || slices.Contains(k.Choices, choice))
		})
	})
}

// Built returns how many works of the survey are built, and how many it names.
func Built(c *recipe.Catalogue) (built, all int) {
	for _, s := range survey {
		for _, w := range s.Works {
			all++
			if w.Built(c) {
				built++
			}
		}
	}
	return built, all
}

// Here returns what there is of the work, or why there is nothing.
func (w Work) Here(c *recipe.Catalogue) string {
	if !w.Built(c) {
		return "not built, because " + w.Why
	}
	var parts []string
	for _, name := range w.Ours {
		if isMethod(c, name) {
			parts = append(parts, "method "+name)
		} else {
			parts = append(parts, "knob "+name)
		}
	}
	return strings.Join(parts, ", ")
}

// ExhibitsOf returns the exhibits that run any of the work's methods.
func (l *Library) ExhibitsOf(w Work) []Ref { return l.exhibitsOf(w.Ours...) }

// Beyond returns the methods that the survey's sections do not name.
func Beyond(c *recipe.Catalogue) []method.Method {
	return slices.DeleteFunc(c.Methods(), func(m method.Method) bool {
		return slices.ContainsFunc(survey, func(s Section) bool {
			return slices.ContainsFunc(s.Works,
				func(w Work) bool { return slices.Contains(w.Ours, m.Name) })
		})
	})
}

// lookupSection returns the section with a short name.
func lookupSection(name string) (Section, error) {
	for _, s := range survey {
		if s.Name == name {
			return s, nil
		}
	}
	return Section{}, param.Unknown("section", name, sectionNames())
}

func sectionNames() []string {
	return names(survey, func(s Section) string { return s.Name })
}

// ofSection returns the article of a section of the survey.
func (l *Library) ofSection(s Section) Article {
	var items []Item
	for _, w := range s.Works {
		text := w.Here(l.c)
		if shown := l.ExhibitsOf(w); shown != nil {
			text += "; exhibit " +
				strings.Join(names(shown, func(r Ref) string { return r.Name }), ", ")
		}
		items = append(items, Item{w.Name, text})
	}
	return Article{Name: s.Name, Title: s.Title, Paragraphs: []Paragraph{
		{Text: "A section of the survey that this playground follows (arXiv:2603.13985), what it " +
			"names, and what there is of it here."},
		{Heading: "Named there", Items: items},
	}}
}

// survey returns the page of the survey's map.
func (b *builder) survey() Page {
	built, all := Built(b.l.c)
	p := b.list("survey.html", "The survey, and what there is of it here", fmt.Sprintf("What the "+
		"survey that this playground follows names (Supervised Fine-Tuning versus Reinforcement "+
		"Learning, arXiv:2603.13985), section by section. %d of %d are built.", built, all))
	w := b.writer(p.Path)
	w.short = true
	for _, s := range Sections() {
		w.put("<h2 id=\"%s\">%s</h2>\n<dl class=\"items\">\n", fragment(s.Name),
			html.EscapeString(s.Heading()))
		for _, work := range s.Works {
			w.put("<div><dt>%s</dt><dd>%s", w.write(work.Name), b.here(w, work))
			w.see(b.l.ExhibitsOf(work))
			w.put("</dd></div>\n")
		}
		w.put("</dl>\n")
	}
	w.put("<h2 id=\"beyond\">Methods that are not on this map</h2>\n<dl class=\"items\">\n")
	for _, m := range Beyond(b.l.c) {
		w.put("<div><dt>%s</dt><dd>%s</dd></div>\n", w.link(Ref{Method, m.Name, m.Title}),
			w.write(m.Cite))
	}
	w.put("</dl>\n")
	p.Body = w.b.String()
	return p
}

// here returns what there is of a work, with links.
func (b *builder) here(w *writer, work Work) string {
	if !work.Built(b.l.c) {
		return "Not built, because " + w.write(work.Why) + "."
	}
	var parts []string
	for _, text := range work.Ours {
		if m, err := b.l.c.Method(text); err == nil {
			parts = append(parts, "Method "+w.link(Ref{Method, m.Name, m.Title}))
			continue
		}
		name, _, _ := strings.Cut(text, "=")
		parts = append(parts, fmt.Sprintf(`Knob <a href="%s"><code>%s</code></a>`,
			w.href(Ref{Knob, name, ""}), html.EscapeString(text)))
	}
	return strings.Join(parts, ", ")
}
