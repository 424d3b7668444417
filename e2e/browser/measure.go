package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Workers returns the targets of the page's workers.
func (p *Page) Workers() (ids []target.ID) {
	p.t.Helper()
	own := Call(p, target.GetTargetInfo, target.GetTargetInfoParams{}).TargetInfo
	for _, info := range Call(p, target.GetTargets, target.GetTargetsParams{}).TargetInfos {
		if info.Type == "worker" && info.BrowserContextID == own.BrowserContextID {
			ids = append(ids, info.TargetID)
		}
	}
	return ids
}

// Memory returns the number of bytes that the page and its workers use after a garbage collection:
// objects, array buffers, and the memories of WebAssembly, which only grow.
func (p *Page) Memory() (bytes float64) {
	p.t.Helper()
	bytes = memory(p)
	for _, id := range p.Workers() {
		ctx, leave := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
		if err := chromedp.Do(ctx); err != nil {
			p.t.Fatal(err)
		}
		bytes += memory(&Page{t: p.t, b: p.b, ctx: ctx})
		leave()
	}
	return bytes
}

func memory(p *Page) float64 {
	p.t.Helper()
	Call(p, heapprofiler.CollectGarbage, cdp.Empty{})
	heap := Call(p, runtime.GetHeapUsage, cdp.Empty{})
	return heap.UsedSize + heap.BackingStorageSize + wasmMemory(p)
}

// wasmMemory returns the size of all memories of WebAssembly.
func wasmMemory(p *Page) (bytes float64) {
	p.t.Helper()
	kind := Call(p, runtime.Evaluate,
		runtime.EvaluateParams{Expression: "WebAssembly.Memory.prototype"})
	all := Call(p, runtime.QueryObjects,
		runtime.QueryObjectsParams{PrototypeObjectID: kind.Result.ObjectID})
	value := true
	sum := Call(p, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		ObjectID: all.Objects.ObjectID, ReturnByValue: &value,
		FunctionDeclaration: "function () { return this.reduce((sum, m) => sum + " +
			"m.buffer.byteLength, 0) }",
	})
	if err := json.Unmarshal(sum.Result.Value, &bytes); err != nil {
		p.t.Fatal(err)
	}
	return bytes
}

// CPU returns the seconds of processor time that the browser's processes have used, by their type:
// "renderer" runs the pages with their workers, "GPU" draws.
func (p *Page) CPU() map[string]float64 {
	p.t.Helper()
	used := map[string]float64{}
	for _, process := range p.processes() {
		used[process.Type] += process.CPUTime
	}
	return used
}

// processes returns the processes of the browser.
func (p *Page) processes() []*systeminfo.ProcessInfo {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	info, err := chromedp.CallBrowser(ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	return info.ProcessInfo
}
