package recipe

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// randomSetting returns a text that a knob accepts.
func randomSetting(r *num.Rand, k param.Knob) string {
	switch k.Type {
	case param.TypeChoice:
		return k.Choices[r.IntN(len(k.Choices))]
	case param.TypeFlag:
		return strconv.FormatBool(r.IntN(2) == 0)
	case param.TypeText:
		return strings.Repeat(k.Choices[r.IntN(len(k.Choices))], r.IntN(int(k.Max)+1))
	case param.TypeInteger:
		return strconv.Itoa(int(k.Min) + r.IntN(int(min(k.Max-k.Min, 1<<52))+1))
	}
	x := k.Min + (k.Max-k.Min)*r.Float64()
	if r.IntN(2) == 0 {
		x = min(k.Max, max(k.Min, k.Max*math.Pow(10, -8*r.Float64())))
	}
	return strconv.FormatFloat(x, "gef"[r.IntN(3)], []int{-1, 3, 17}[r.IntN(3)], 64)
}

// someSettings returns random settings of some of the knobs.
func someSettings(r *num.Rand, knobs []param.Knob) (settings []string) {
	for _, k := range knobs {
		if r.IntN(3) != 0 {
			continue
		}
		text := randomSetting(r, k)
		// three digits may round out of the range
		if param.Defaults(knobs).Set(k.Name, text) == nil {
			settings = append(settings, k.Name+"="+text)
		}
	}
	r.Shuffle(len(settings), func(i, j int) { settings[i], settings[j] = settings[j], settings[i] })
	return settings
}

// randomLink returns a valid link.
func randomLink(r *num.Rand) string {
	t := task.All()[r.IntN(len(task.All()))]
	name := t.Name
	if r.IntN(3) == 0 {
		e := Standard().Exhibits()[r.IntN(len(Standard().Exhibits()))]
		name, t = e.Name, mustParse(e.Link).Task
	}
	parts := someSettings(r, Standard().Knobs(t))
	trained := Standard().policyOn(t)
	methods := trained.methods()
	for range 1 + r.IntN(3) {
		var stages []string
		for range 1 + r.IntN(3) {
			m := methods[r.IntN(len(methods))]
			stages = append(stages, strings.Join(append([]string{m.Name},
				someSettings(r, trained.stageKnobs(m, len(stages) == 0))...), ","))
		}
		parts = append(parts, "lane="+strings.Join(stages, "~"))
	}
	return name + "?" + strings.Join(parts, "&")
}

func mustParse(link string) *Recipe {
	r, err := Standard().Parse(link)
	if err != nil {
		panic(err)
	}
	return r
}

func parsed(t testing.TB, link string, instead ...string) *Recipe {
	t.Helper()
	r, err := Standard().Parse(link, instead...)
	if err != nil {
		t.Fatalf("%s: %v", link, err)
	}
	return r
}

// plainly returns a text with all that a recipe runs. Equal texts mean equal recipes.
func plainly(r *Recipe) string {
	text := fmt.Sprintln(r.Name, r.Engine, r.Task.Name)
	for _, k := range r.Values.Knobs() {
		text += fmt.Sprintln(k.Name, r.Values.Text(k.Name))
	}
	for i, lane := range r.Lanes {
		for j, stage := range lane {
			text += fmt.Sprintln(i, j, stage.Method.Name)
			for _, k := range stage.Values.Knobs() {
				text += fmt.Sprintln("", k.Name, stage.Values.Text(k.Name))
			}
		}
	}
	return text
}

func TestLinkRoundTrip(t *testing.T) {
	for i := range uint64(1500) {
		rng := num.NewRand(i, "test", "link")
		text := randomLink(&rng)
		r := parsed(t, text)
		link := r.Link()
		again := parsed(t, link)
		if again.Link() != link || plainly(again) != plainly(r) {
			t.Fatalf("%s\nis %s\nbut that is %s\n%s\n%s", text, link, again.Link(), plainly(r),
				plainly(again))
		}
		checkDisguises(t, &rng, text, link)
	}
}

// checkDisguises checks that other forms of a link mean the same.
func checkDisguises(t *testing.T, r *num.Rand, text, canonical string) {
	t.Helper()
	name, query, _ := strings.Cut(text, "?")
	var escaped, withPage []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		escaped = append(escaped, key+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		withPage = append(withPage, pair,
			pageKeys[r.IntN(len(pageKeys))]+"="+[]string{"", "1", "any%20text%0a", "a-b",
				"9,9"}[r.IntN(5)])
	}
	for _, disguise := range []string{
		"https://example.org/a/b#" + text,
		"http://localhost:8080/embed.html?x=1&lane=no#" + text,
		"#" + text,
		" " + text + "\n",
		name + "?" + strings.Join(escaped, "&"),
		name + "?" + strings.Join(withPage, "&"),
		name + "?&" + query + "&&",
	} {
		if got := parsed(t, disguise).Link(); got != canonical {
			t.Fatalf("%s\nis %s,\nwant %s", disguise, got, canonical)
		}
	}
}

// today returns a link with the engine of this program. The given link has none.
func today(link string) string {
	return strings.Replace(link, "?", fmt.Sprintf("?v=%d&", train.Engine), 1)
}

func TestLanesInsteadOfTheLinksOwn(t *testing.T) {
	r := parsed(t, "cards?lane=sft&lane=grpo", "sft,steps=3~grpo", "rft")
	if want := today("cards?seed=1&lane=sft,steps=3~grpo&lane=rft"); r.Link() != want {
		t.Errorf("%s, want %s", r.Link(), want)
	}
	if r := parsed(t, "memorise?lane=rft"); len(r.Lanes) != 1 || r.Name != "memorise" {
		t.Errorf("the exhibit's lanes were not replaced: %s", r.Link())
	}
	if r := parsed(t, "cards", "sft"); r.Link() != today("cards?seed=1&lane=sft") {
		t.Errorf("a task with a lane beside it: %s", r.Link())
	}
}

// An exhibit may set recipe-wide knobs. A link that sets one back to its default keeps that setting
// in its canonical form.
func TestLinkUndoesWhatItsExhibitSets(t *testing.T) {
	own := added(t, Entries{Exhibits: []Exhibit{{
		Name: "wide", Decides: "eval/id/accuracy",
		Link: "cards?eval_every=5&eval_prompts=7&lane=sft",
	}}})
	for link, want := range map[string]string{
		"wide":               today("wide?seed=1&eval_every=5&eval_prompts=7&lane=sft"),
		"wide?eval_every=20": today("wide?seed=1&eval_every=20&eval_prompts=7&lane=sft"),
		"wide?eval_every=20&eval_prompts=9": today(
			"wide?seed=1&eval_every=20&eval_prompts=9&lane=sft"),
	} {
		r, err := own.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := own.Parse(r.Link()); err != nil || r.Link() != want ||
			again.Link() != want {
			t.Errorf("%s is %s, which is %v, %v", link, r.Link(), again, err)
		}
	}
}

// long is longer than any name or setting.
var long = strings.Repeat("q", 30000)

// malformed maps links to parts of the error that each of them gives.
var malformed = map[string][]string{
	"":                                 {`""`, "accepted: ", "memorise", "cards"},
	"https://example.org/":             {"example.org", "after a #"},
	"https://example.org/#":            {"example.org", "after a #"},
	"card?lane=sft":                    {`"card"`, "did you mean cards?"},
	"memorize":                         {`"memorize"`, "did you mean memorise?"},
	"cards":                            {"cards has no lane", "lane=sft"},
	"cards?seed=1":                     {"cards has no lane"},
	"cards?lane=":                      {"names no method", "such as sft"},
	"cards?lane=sft~":                  {`"sft~" names no method`},
	"cards?lane=~sft":                  {`"~sft" names no method`},
	"cards?lane=,lr=1":                 {`",lr=1" names no method`},
	"cards?lane":                       {`"lane" in the link has no value`, "key=value"},
	"cards?lane=sft&seed":              {`"seed" in the link has no value`},
	"cards?lane=sft&data=1234":         {`data="1234"`, "12 digits of 0-9a-f"},
	"cards?lane=sft&data=0123456789AB": {`data="0123456789AB"`, "12 digits"},
	"cards?lane=gpro":                  {`"gpro"`, "did you mean grpo?", "accepted: ", "sft"},
	"cards?lane=SFT":                   {`"SFT"`, "did you mean sft?"},
	"cards?lane=sft,lr":                {`"lr" has no value`, "knob=value"},
	"cards?lane=sft,lr=":               {"sft", "lr=:", "a number from 1e-06 to 0.1"},
	"cards?lane=sft,lr=1":              {"lr=1:", "a number from 1e-06 to 0.1"},
	"cards?lane=sft,lr=NaN":            {"lr=NaN:", "a number from"},
	"cards?lane=sft,lr=Inf":            {"lr=Inf:", "a number from"},
	"cards?lane=sft,steps=0":           {"steps=0:", "a whole number from 1 to 1000000"},
	"cards?lane=sft,steps=1.5":         {"steps=1.5:", "a whole number"},
	"cards?lane=sft,steps=9e9":         {"steps=9e9:", "a whole number"},
	"cards?lane=sft,style=z":           {"style=z:", "one of x, y"},
	"cards?lane=sft,rate=1":            {`method sft: unknown setting "rate"`, "accepted: lr, "},
	"cards?lane=sft,beta=0.1":          {`method sft: unknown setting "beta"`},
	"cards?lane=grpo,style=y":          {`method grpo: unknown setting "style"`},
	"cards?lane=sft&sed=2":             {`"sed"`, "did you mean seed?", "accepted: v, lane, seed"},
	"cards?lane=sft&=2":                {`"=2" in the link has no key`},
	"cards?lane=sft,dim=96":            {"sft", "dim belongs to the base", "base=cards,dim=96"},
	"cards?lane=sft~grpo,eval_every=5": {"whole link", "cards?eval_every=5&lane="},
	"cards?lane=sft,seed=3":            {"whole link", "cards?seed=3&lane="},
	"stories?lane=sft,largest=40":      {"largest belongs to the whole link", "?largest=40&"},
	"cards?lane=sft&lr=1e-3":           {"lr belongs to a lane", "lane=", ",lr=1e-3"},
	"cards?lane=sft&seed=-1":           {"seed=-1:", "from 0 to 9007199254740991"},
	"cards?lane=sft&seed=":             {"seed=:", "a whole number"},
	"cards?lane=sft&base=no":           {"base=no:", "one of cards"},
	"cards?lane=sft&v=" + fmt.Sprint(train.Engine+1): {fmt.Sprintf("v=\"%d\"", train.Engine+1),
		engines},
	"cards?lane=sft&v=0":   {`v="0"`, engines},
	"cards?lane=sft&v=new": {`v="new"`, engines},
	"cards?lane=sft%zz": {`"lane=sft%zz"`, "not well escaped",
		"hexadecimal"},
	"cards?lane=sft%":                          {`"lane=sft%"`, "not well escaped"},
	"cards?la%e=sft":                           {"not well escaped"},
	"cards?lane=sft,lr=%0a":                    {"lr=:", "a number from 1e-06 to 0.1"},
	"cards?lane=sft,lr=%07":                    {`"lr=\a"`, "printable"},
	"cards?lane=sft%00":                        {`"sft\x00"`, "printable"},
	"cards?lane=sft&seed=%ee%80%801":           {"printable"},
	"cards?lane=sft&hide=a%3fb":                {`"b" in the link stands behind a second ?`},
	"cards?lane=sft&hide=<b>x":                 {`hide="<b>x"`, "with commas between"},
	"taste?lane=rlhf,judged=abc":               {"judged=abc", "at most 200 letters"},
	"taste?lane=rlhf,pairs=3,judged=ab-a":      {"4 letters and pairs is 3", "each pair"},
	"cards?lane=sft&hide=" + long:              {"qqq…", "at most 220"},
	"cards?lane=sft," + long + "=1":            {"qqq…", "at most 220"},
	"cards?lane=" + long:                       {"qqq…", "at most 220"},
	"cards?lane=sft&seed=" + long:              {"qqq…", "at most 220"},
	"cards?" + long:                            {"qqq…", "key=value"},
	"cards?lane=sft&" + long + "=1":            {"qqq…", "at most 220"},
	long + "?lane=sft":                         {"qqq…", "at most 220"},
	"cards?" + strings.Repeat("lane=sft&", 17): {"17 lanes are too many", "at most 16"},
	"cards?lane=" + strings.Repeat("sft~", 17): {"18 stages", "at most 16"},
	strings.Repeat("lane=sft&", 1<<17):         {"1179648 characters", "at most 65536"},
	"cards?lane=sft,lr=0,001":                  {`lane "sft,lr=0,001": method sft: lr=0,001: write 0.001, with a point`},
	"cards?lane=dpo,beta=0,5,steps=3": {"method dpo: beta=0,5: write 0.5, " +
		"with a point"},
	"cards?lane=sft,steps=1,000": {"method sft: steps=1,000: write 1000, " +
		"without a comma"},
	"cards?lane=sft,lr=0%2C001": {"lr=0,001: write 0.001, with a point"},
	"cards?lane=sft,lr=0,5": {"lr=0,5: expected a number from " +
		"1e-06 to 0.1"},
	"cards?lane=sft&seed=1&seed=2":           {`seed is given twice, as "1" and as "2"`},
	"cards?lane=sft,lr=1e-3,steps=2,lr=1e-4": {`method sft: lr is given twice, as "1e-3" and as "1e-4"`},
	"cards?lane=sft,5":                       {`"5" has no value`},
	"cards?eval_every=1,000&lane=sft": {"eval_every=1,000: write 1000, " +
		"without a comma"},
	"parity?lane=opd":           {`lane "opd": method opd learns from a teacher, a base that was pretrained without mistakes, and task parity has no such base: want task cards, or another method`},
	"lock?lane=sft~gkd,steps=1": {`lane "sft~gkd,steps=1": method gkd learns from a teacher`},
}

// engines is how an error names the engines that a link may have.
var engines = fmt.Sprintf("from 1 to %d,", train.Engine)

// A link of an older engine keeps the engine's number when the recipe changes. Results of an
// exhibit are not shown with it.
func TestLinksOfOlderEngines(t *testing.T) {
	for _, link := range []string{"cards?v=1&seed=1&lane=sft",
		"memorise?v=1&seed=1&lane=sft,lr=0.003,steps=300,style=y&lane=grpo,lr=0.0004,beta=0,steps=150"} {
		r := parsed(t, link)
		if d := r.Describe(); r.Link() != link || d.Engine != 1 || d.Current != train.Engine ||
			d.Studied {
			t.Errorf("%s is %s, of engine %d, studied: %v", link, r.Link(), d.Engine, d.Studied)
		}
		if err := r.SetSeed(7); err != nil ||
			r.Link() != strings.Replace(link, "seed=1", "seed=7", 1) {
			t.Errorf("with another seed it is %s, %v", r.Link(), err)
		}
	}
}

// The error for a malformed link is one short line that says what is wrong and what would be
// accepted.
func TestMalformedLinks(t *testing.T) {
	for link, want := range malformed {
		r, err := Standard().Parse(link)
		if err == nil {
			t.Errorf("%.60s is accepted as %s", link, r.Link())
			continue
		}
		// all accepted names, but no long text from the link
		if strings.ContainsAny(err.Error(), "\n\r\x00") || len(err.Error()) > 2000 {
			t.Errorf("%.60s: not one short line: %q", link, err)
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%.60s: the error does not say %s: %v", link, w, err)
			}
		}
	}
	if _, err := Standard().Parse("cards?lane=sft", "grpo,x=1"); err == nil ||
		!strings.Contains(err.Error(), "grpo,x=1") {
		t.Errorf("a lane beside the link: %v", err)
	}
	if _, err := Standard().Parse("cards", ""); err == nil ||
		!strings.Contains(err.Error(), "names no method") {
		t.Errorf("an empty lane beside the link: %v", err)
	}
}

// FuzzParse parses any text. If the text is accepted, its canonical link means the same.
func FuzzParse(f *testing.F) {
	for i := range uint64(30) {
		r := num.NewRand(i, "test", "link")
		f.Add(randomLink(&r))
	}
	for _, text := range []string{"", "#", "memorise", "cards?lane=sft,lr=0x1p-9",
		"cards?v=01&lane=sft", "cards?lane=sft,steps=+7", "cards?lane=grpo,beta=-0",
		"a#cards?lane=rft&hide=%zz", "cards?lane=sft&seed=1&seed=2", "cards?lane=sft,,lr=1e-4,",
		"cards??lane=sft", "cards?lane=sft%2Csteps%3D3", "cards?lane=sft&rows=AA"} {
		f.Add(text)
	}
	for _, text := range mangled {
		f.Add(text)
	}
	for _, c := range refused {
		f.Add(c.link)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Standard().Parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r\x00") || len(err.Error()) > 2000 {
				t.Fatalf("not one short line: %q", err)
			}
			return
		}
		link := r.Link()
		again, err := Standard().Parse(link)
		if err != nil || again.Link() != link || !reflect.DeepEqual(again.Labels(), r.Labels()) ||
			plainly(again) != plainly(r) {
			t.Fatalf("%q is %q, which does not mean the same: %v", text, link, err)
		}
		if address, err := Standard().Parse(r.Address()); err != nil ||
			address.Address() != r.Address() || address.Link() != link {
			t.Fatalf("%q has the address %q, which does not mean the same: %v", text, r.Address(),
				err)
		}
	})
}
