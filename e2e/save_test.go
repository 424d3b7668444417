package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/xml"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// intoSaved stores the name and the bytes of a file that the page hands to the visitor in the
// variable saved, instead of a folder.
const intoSaved = `HTMLAnchorElement.prototype.click = function () {
	globalThis.file.arrayBuffer().then((b) => { globalThis.saved = {name: this.download, bytes: new Uint8Array(b)}; });
};
URL.createObjectURL = (file) => { globalThis.file = file; return "#"; };`

// saved clicks the button of a format and returns the name and the content of the file.
func (p lab) saved(format string) (name string, content []byte) {
	p.t.Helper()
	p.Run("globalThis.saved = undefined")
	p.Click(`//p[@data-place="save"]/button[normalize-space()="` + format + `"]`)
	p.Wait(time.Minute, "globalThis.saved")
	content, err := base64.StdEncoding.DecodeString(browser.Eval[string](p.Page,
		"btoa(saved.bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''))"))
	if err != nil {
		p.t.Fatal(err)
	}
	return browser.Eval[string](p.Page, "saved.name"), content
}

// A svgFile is what a test reads of a picture that was saved.
type svgFile struct {
	Title    string   `xml:"title"`
	Caption  string   `xml:"desc"`
	Table    string   `xml:"metadata"`
	Words    []string `xml:"text"`
	Contents string   `xml:",innerxml"`
}

// A scene can be saved: as SVG and PNG with what is seen, and as CSV with what its table holds,
// which is in the SVG file, too. The long tier has every scene.
func TestPicturesAreSaved(t *testing.T) {
	p := openLab(t, short, intoSaved)
	p.train(time.Minute)
	p.awaitRest()
	for _, name := range []string{"race", "weights"} {
		p.Click("#tab-" + name)
		p.savesScene(name)
	}
}

// savesScene compares the files of the chosen scene with the page.
func (p lab) savesScene(scene string) {
	p.t.Helper()
	p.Run(`document.querySelector(".as-table").open = true`)
	var name string
	var content []byte
	// Some scenes ask the lanes first, whose answers come one after the other.
	await(p, table, func(shown []string) bool {
		name, content = p.saved("CSV")
		rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
		if err != nil {
			p.t.Fatal(err)
		}
		var cells []string
		for _, row := range rows {
			cells = append(cells, strings.Join(row, "|"))
		}
		return len(cells) >= 2 && slices.Equal(cells, shown)
	})
	if !strings.HasSuffix(name, "-"+scene+".csv") {
		p.t.Errorf("the table of %s is saved as %s", scene, name)
	}

	_, file := p.saved("SVG")
	var d svgFile
	if err := xml.Unmarshal(file, &d); err != nil {
		p.t.Fatal(err)
	}
	title := browser.Eval[string](p.Page, "document.querySelector('h1').innerText + ': ' + "+
		"document.querySelector('[aria-selected=true]').innerText")
	caption := browser.Eval[string](p.Page, "[...document.querySelector('.caption').childNodes]"+
		".filter((n) => !n.classList?.contains('refer')).map((n) => n.textContent).join('').trim()")
	if d.Title != title || d.Caption != caption || d.Table != string(content) {
		p.t.Errorf("%s: the picture is called %q and described by %q and the table %q", scene,
			d.Title, d.Caption, d.Table)
	}
	seen := browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('.still text')].map((e) => e.textContent)")
	if len(seen) == 0 || !slices.Equal(d.Words, seen) {
		p.t.Errorf("%s: the picture has the words %q, the page %q", scene, d.Words, seen)
	}
	for _, word := range []string{"class=", "var("} {
		if strings.Contains(d.Contents, word) {
			p.t.Errorf("%s: the picture needs the page's style: it has %s", scene, word)
		}
	}
	p.savesPixels(scene)
}

// savesPixels expects the picture as PNG, twice as large as on the page with its margin, and more
// in it than paper.
func (p lab) savesPixels(scene string) {
	p.t.Helper()
	_, file := p.saved("PNG")
	image, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		p.t.Fatal(err)
	}
	size := browser.Eval[[2]int](p.Page,
		"(({clientWidth, clientHeight}) => [clientWidth, clientHeight])("+
			"document.querySelector('.picture'))")
	if got := image.Bounds().Size(); got.X != 2*(size[0]+24) || got.Y != 2*(size[1]+24) {
		p.t.Errorf("%s: the picture has %v pixels, on the page %v", scene, got, size)
	}
	colours := map[any]int{}
	for y := range image.Bounds().Dy() {
		for x := range image.Bounds().Dx() {
			colours[image.At(x, y)]++
		}
	}
	paper := image.At(0, 0)
	if all := image.Bounds().Dx() * image.Bounds().Dy(); len(colours) < 10 ||
		colours[paper] == all || colours[paper] < all/10 {
		p.t.Errorf("%s: of %d pixels %d are paper, and there are %d colours", scene, all,
			colours[paper], len(colours))
	}
}
