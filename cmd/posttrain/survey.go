package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// surveyed is a work that the survey (arXiv:2603.13985) names in a section, with its counterparts
// here.
type surveyed struct {
	work string   // its name in the survey
	ours []string // methods, knobs, and choices such as prompts=band, which together are the work
	why  string   // why there is nothing here; "" if there is
}

// surveySection is one section of the survey.
type surveySection struct {
	name, title string // the name starts with the section's number
	works       []surveyed
}

// heading returns the section's number, if it has one, and title.
func (s surveySection) heading() string {
	number, _, _ := strings.Cut(s.name, "-")
	if number[0] > '9' {
		return s.title
	}
	return number + " " + s.title
}

// survey follows the survey's sections. Which work a reference means was inferred from what it is
// cited for.
var survey = []surveySection{
	{"3.1-algorithms", "Supervised fine-tuning, algorithm-centric", []surveyed{
		{"Supervised fine-tuning", []string{"sft"}, ""},
		{"GEM, entropic distribution matching (Li 2024c)", []string{"gem"}, ""},
		{"Token Cleaning (Pang 2025)", []string{"token_cleaning"}, ""},
		{"One-Token Rollout (Ming 2025)", []string{"otr"}, ""},
	}},
	{"3.1-data", "Supervised fine-tuning, data-centric", []surveyed{
		{"LIMA: few but good demonstrations (Zhou 2023)", []string{"demos"}, ""},
		{"FisherSFT: demonstrations chosen by information gain (Deb 2025b)",
			[]string{"select=fisher"}, ""},
		{"Mixing domains (Li 2025b learns their weights)", []string{"prior"}, ""},
		{"Synthesis of demonstrations (Quan 2025; Condor, Cao 2025a)", nil,
			"every task has an expert that writes as many right demonstrations as are wanted, so " +
				"there is nothing to synthesise"},
	}},
	{"3.2-algorithms", "Reinforcement learning, algorithm-centric", []surveyed{
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
	{"3.2-data", "Reinforcement learning, data-centric", []surveyed{
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
	{"4.1", "A unified objective", []surveyed{
		{"Common objective: reward less a KL to the reference", []string{"beta"}, ""},
		{"SFT as a policy gradient with an inverse-probability reward", []string{"sft", "dft"}, ""},
	}},
	{"4.2", "SFT to enhance RL", []surveyed{
		{"LUFFY, off-policy guidance (Yan 2025a)", []string{"luffy"}, ""},
		{"SRFT (Fu 2025b)", []string{"srft"}, ""},
		{"BREAD, branches from expert anchors (Zhang 2025f)", []string{"bread"}, ""},
		{"NFT, negative-aware fine-tuning (Chen 2025a)", []string{"nft"}, ""},
		{"ReLIFT, SFT on what is never solved (Zhu 2025b)", []string{"relift"}, ""},
	}},
	{"4.3", "RL to enhance SFT", []surveyed{
		{"DFT (Wu 2025)", []string{"dft"}, ""},
		{"iw-SFT (Qin & Springenberg 2025)", []string{"iw_sft"}, ""},
		{"DPO-inspired SFT on offline data (Wang 2024d)", []string{"una"}, ""},
	}},
	{"4.4", "Hybrid training", []surveyed{
		{"Prefix-RFT (Huang 2025)", []string{"prefix_rft"}, ""},
		{"CHORD (Zhang 2025e)", []string{"chord_mu", "chord_phi"}, ""},
		{"UFT (Liu 2025b)", []string{"uft"}, ""},
		{"HPT, switched by performance (Lv 2025)", []string{"hpt"}, ""},
		{"SRL, step-wise matching reward (Deng 2025)", []string{"srl"}, ""},
	}},
	{"5", "Applications", []surveyed{
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
	{"6", "Common practice", []surveyed{
		{"SFT, then RL: a lane such as sft~grpo", []string{"sft", "grpo"}, ""},
		{"Importance sampling that makes failures into informative positives", []string{"nft"}, ""},
		{"Memory and LoRA (appendix C)", []string{"rank"}, ""},
	}},
	{"7", "Open problems", []surveyed{
		{"Partial rollouts", nil, "answers have a dozen tokens; there is nothing to gain"},
		{"Quantisation-aware training", nil,
			"the numerics are float32, so that every run has the same bits everywhere"},
		{"Sparse or indirect rewards: clicks, dwell, self-evaluation", nil,
			"rewards are a verifier's or an annotator's"},
	}},
	{"kin", "Not named as far as known, of the same family", []surveyed{
		{"SASR, switched by the gradient's norm", []string{"sasr"}, ""},
		{"SuperRL", []string{"superrl"}, ""},
	}},
}

// built reports whether all counterparts of the work exist.
func (s surveyed) built(c *recipe.Catalogue) bool {
	return len(s.ours) > 0 && !slices.ContainsFunc(s.ours,
		func(name string) bool { return !isMethod(c, name) && !isKnob(c, name) })
}

func isMethod(c *recipe.Catalogue, name string) bool {
	_, err := c.Method(name)
	return err == nil
}

// isKnob reports whether any method has a knob of this name on some task. A text such as
// prompts=band names a choice too, which the knob must have.
func isKnob(c *recipe.Catalogue, text string) bool {
	name, choice, _ := strings.Cut(text, "=")
	return slices.ContainsFunc(c.Methods(), func(m method.Method) bool {
		return slices.ContainsFunc(train.StageKnobs(c.Tasks()[0], m), func(k param.Knob) bool {
			return k.Name == name && (choice == "" || slices.Contains(k.Choices, choice))
		})
	})
}

// here returns what there is of the work, or why there is nothing.
func (s surveyed) here(c *recipe.Catalogue) string {
	if !s.built(c) {
		return "not built, because " + s.why
	}
	var parts []string
	for _, name := range s.ours {
		if isMethod(c, name) {
			parts = append(parts, "method "+name)
		} else {
			parts = append(parts, "knob "+name)
		}
	}
	return strings.Join(parts, ", ")
}

// exhibits returns the names of the exhibits that run any of the work's methods.
func (s surveyed) exhibits(c *recipe.Catalogue) (names []string) {
	for _, e := range c.Exhibits() {
		r, err := c.Parse(e.Name)
		if err != nil || !r.Values.Has("base") { // recipes without a network have their own methods
			continue
		}
		for _, lane := range r.Lanes {
			for _, stage := range lane {
				if slices.Contains(s.ours, stage.Method.Name) && !slices.Contains(names, e.Name) {
					names = append(names, e.Name)
				}
			}
		}
	}
	return names
}

// beyond returns the names of the methods that the survey's sections do not name.
func beyond(c *recipe.Catalogue) (names []string) {
	for _, m := range c.Methods() {
		if !slices.ContainsFunc(survey, func(s surveySection) bool {
			return slices.ContainsFunc(s.works,
				func(w surveyed) bool { return slices.Contains(w.ours, m.Name) })
		}) {
			names = append(names, m.Name)
		}
	}
	return names
}

// lookupSection returns the section with a short name.
func lookupSection(name string) (surveySection, error) {
	for _, s := range survey {
		if s.name == name {
			return s, nil
		}
	}
	return surveySection{}, param.Unknown("section", name, sectionNames())
}

func sectionNames() []string {
	return names(survey, func(s surveySection) string { return s.name })
}

func aboutSection(c *recipe.Catalogue, s surveySection) article {
	var items []item
	for _, w := range s.works {
		text := w.here(c)
		if shown := w.exhibits(c); shown != nil {
			text += fmt.Sprintf("; exhibit %s", strings.Join(shown, ", "))
		}
		items = append(items, item{w.work, text})
	}
	return article{name: s.name, title: s.title, paragraphs: []paragraph{
		{text: "A section of the survey that this playground follows (arXiv:2603.13985), what it " +
			"names, and what there is of it here."},
		{heading: "Named there", items: items},
	}}
}
