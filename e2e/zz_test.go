package e2e
import ("testing";"time";"fmt";"os";"github.com/posttrain/posttrain/e2e/browser")
func TestZZ(t *testing.T) {
	name := os.Getenv("ZZ")
	p := openLesson(t, name)
	v := visitor{p, os.Getenv("ZK") != ""}
	for _, s := range lessonNamed(t, name).Steps {
		fmt.Println("STEP", s.ID, s.Goal)
		if s.Goal != nil { v.reaches(s) }
		ok := false
		for range 460 { time.Sleep(500*time.Millisecond); if browser.Eval[bool](p.Page, "document.querySelector('"+next+"')?.disabled === false") { ok = true; break } }
		fmt.Println(ok, browser.Eval[string](p.Page, "posttrain.link() + JSON.stringify(posttrain.state()).slice(0,200) + posttrain.state().lanes.map((l) => l.step + "/" + l.steps + l.done).join(" ")"))
		if !ok { os.WriteFile("/tmp/zz.png", p.Picture(false), 0o600); return }
		v.use(next)
		time.Sleep(300*time.Millisecond)
	}
}
