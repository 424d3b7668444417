package task

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// pathsEdges is the map as it has always been: the base knows it by heart.
var pathsEdges = strings.Fields(`
bk bs ce cl fy fs gq ix io nz pv Ap Ao An BX BW Bm CM CD Dn DP Et EM Ej Fm Fq Fc Ge Gv HQ Hm Hk Iu Ir Jq Jg JX KT Kh Li Lx Nh
Nf Na Or Oy Pd PQ Ry Rd Rw Su St TZ TU Ul Uk Vw VY Wa Wl Xj Yw Yx Zt Ze 0o 01 02 1S 1d 2g 2K 3z 35 3u 4s 4j 4M 5V 5b 6O 6G 6C
7a 7h 7Q 8L 8v 8z 9I 9r 9p`)

// The verifier once more, edge by edge.
var _ = enter("paths", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse(pathsPlaces+"<>=", tokens)
	places := strings.Split(strings.Trim(prompt, "<>="), "")
	if !ended {
		return 0
	}
	if prompt[0] == '<' {
		slices.Reverse(places)
		if text == strings.Join(places, "") {
			return 1
		}
		return 0
	}
	way := strings.Split(places[0]+text, "")
	for i := range way[1:] {
		if !slices.Contains(pathsEdges, way[i]+way[i+1]) && !slices.Contains(pathsEdges,
			way[i+1]+way[i]) {
			return 0
		}
	}
	if way[len(way)-1] != places[1] {
		return 0
	}
	return 1
})

// The map is connected, nobody has more than three neighbours, and how far it is from place to
// place obeys the triangle inequality.
func TestPathsMap(t *testing.T) {
	edges := 0
	for _, a := range []byte(pathsPlaces) {
		edges += len(pathsMap.near[a])
		if n := len(pathsMap.near[a]); n < 2 || n > 3 {
			t.Errorf("%c has %d neighbours", a, n)
		}
		for _, b := range []byte(pathsPlaces) {
			steps := pathsMap.steps[a][b]
			if (steps == 0) != (a == b) || steps != pathsMap.steps[b][a] ||
				(steps == 1) != strings.Contains(pathsMap.near[a], string(b)) {
				t.Errorf("it is %d steps from %c to %c", steps, a, b)
			}
			for _, c := range []byte(pathsPlaces) {
				if pathsMap.steps[a][c] > steps+pathsMap.steps[b][c] {
					t.Fatalf("from %c to %c it is shorter by way of %c", a, c, b)
				}
			}
		}
	}
	if edges != 2*len(pathsEdges) {
		t.Errorf("the map has %d edges, want %d", edges/2, len(pathsEdges))
	}
}

// Short demonstrations are as short as can be, walks are not, and the base walks along edges but
// arrives in a share of its walks only.
func TestPathsWalks(t *testing.T) {
	paths, err := Lookup("paths")
	if err != nil {
		t.Fatal(err)
	}
	short, long := 0, 0
	for i := range uint64(1000) {
		r := num.NewRand(i, "test", "paths")
		p := paths.Sample(&r, []string{"id", "ood"}[i%2])
		steps := pathsMap.steps[p.Prompt[1]][p.Prompt[2]]
		if near := steps >= 2 && steps <= 4; near != (p.Level == "id") || len(p.Answer) != steps {
			t.Fatalf("%+v is %d steps away", p, steps)
		}
		for _, v := range settings(t, paths) {
			way := paths.Demonstrate(&r, p, v)
			if v.Choice("style") == "short" {
				short += len(way) - steps
			} else {
				long += len(way) - steps
			}
		}
	}
	if short != 0 || long < 300 {
		t.Errorf("in 1000 ways, short ones are %d steps too long and walks %d", short, long)
	}
	tried, arrived := 0.0, 0.0
	for i := range 4000 {
		p, response := paths.PretrainExample(1, i)
		if p.Level != "id" {
			continue
		}
		tried++
		if way := p.Prompt[1:2] + response; paths.Reward(p, response) == 1 {
			arrived++
		} else if pathsArrives(Problem{Prompt: ">" + way[:1] + way[len(way)-1:] +
			"="}, response) == false {
			t.Fatalf("%s leaves the map", way)
		}
	}
	if share := arrived / tried; share < .2 || share > .7 {
		t.Errorf("a share of %v of the base's walks arrives", share)
	}
}
