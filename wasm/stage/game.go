//go:build js && wasm

package main

import (
	"image"
	"image/color"
	"math"
	"syscall/js"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"github.com/posttrain/posttrain/wasm/stage/mesh"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// glide is how long a picture takes to turn into the next one.
const glide = 200 * time.Millisecond

// stage is the game: Ebitengine calls it for every frame that wake has asked for.
type stage struct {
	host  js.Value
	inbox inbox

	record *scene.Record
	view   scene.View
	still  bool // nothing moves, even if the view allows it
	scene  scene.Scene
	w, h   float64 // in CSS pixels

	stale bool // whether the picture has to be made again
	news  bool // whether the old picture may glide into the new one

	from, to, shown scene.Picture
	since           time.Time
	pointer         *scene.Point
	hover           scene.Hover

	words    *words
	palette  mesh.Palette
	mesh     mesh.Mesh
	vertices []ebiten.Vertex
	white    *ebiten.Image
	ready    bool // whether the first frame has been drawn
	drawn    bool // whether a frame with a picture of the lanes has been drawn
}

func newStage(host, document js.Value) *stage {
	white := ebiten.NewImage(3, 3)
	white.Fill(color.White)
	s := &stage{
		host: host, still: host.Get("still").Bool(), record: scene.NewRecord(scene.Recipe{}),
		scene: scene.All()[0], words: newWords(document),
		white: white.SubImage(image.Rect(1, 1, 2, 2)).(*ebiten.Image),
	}
	s.inbox.stage = s
	s.follow(document)
	s.inbox.open(host.Get("port"))
	s.dress()
	return s
}

// post sends the page a message.
func (s *stage) post(kind, why string) {
	message := map[string]any{"type": kind}
	if why != "" {
		message["why"] = why
	}
	s.host.Get("port").Call("postMessage", message)
}

// change requests a new picture at the next frame. With news the old picture glides into it, if the
// view allows motion.
func (s *stage) change(news bool) {
	s.stale = true
	s.news = s.news || news
	s.wake()
}

// wake requests a frame.
func (s *stage) wake() { s.host.Call("wake") }

// show changes the view.
func (s *stage) show(v scene.View) {
	chosen, err := scene.Lookup(v.Scene)
	if err != nil {
		s.inbox.complain(err)
		return
	}
	before := s.view
	s.view, s.scene = v, chosen
	js.Global().Get("document").Get("documentElement").Get("dataset").Set("motion", v.Motion)
	s.change(v.Scene == before.Scene)
}

// dress reads the colours from stage.css, which has them in the theme that the browser prefers.
func (s *stage) dress() {
	s.palette = readPalette(js.Global().Get("document").Get("documentElement"))
}

// LayoutF returns the canvas's size in pixels of the device.
func (s *stage) LayoutF(w, h float64) (float64, float64) {
	if w != s.w || h != s.h {
		s.w, s.h, s.stale = w, h, true
	}
	scale := ebiten.Monitor().DeviceScaleFactor()
	return math.Max(1, math.Floor(w*scale)), math.Max(1, math.Floor(h*scale))
}

// Layout is part of [ebiten.Game]. It is not called, because stage has LayoutF.
func (s *stage) Layout(w, h int) (int, int) { return w, h }

// Update computes the picture for the next frame.
func (s *stage) Update() error {
	now := time.Now()
	if s.stale {
		s.from, s.since = s.shown, time.Time{}
		if s.news && s.view.Motion && !s.still {
			s.since = now
		}
		s.to, s.stale, s.news = s.scene.Picture(s.record, s.view, s.w, s.h), false, false
		s.words.show(s.to.Words)
		s.point()
	}
	t := float64(now.Sub(s.since)) / float64(glide)
	s.shown = scene.Between(&s.from, &s.to, t)
	if t < 1 {
		s.wake()
	}
	return nil
}

// Draw draws the picture, in one call of the graphics card.
func (s *stage) Draw(screen *ebiten.Image) {
	s.mesh.Reset(ebiten.Monitor().DeviceScaleFactor(), s.palette)
	s.mesh.Draw(s.shown.Areas, s.shown.Lines, s.shown.Dots)
	s.mesh.Draw(nil, s.hover.Lines, s.hover.Dots)
	s.vertices = s.vertices[:0]
	for _, v := range s.mesh.Vertices {
		s.vertices = append(s.vertices,
			ebiten.Vertex{DstX: v.X, DstY: v.Y, SrcX: 1, SrcY: 1, ColorR: v.R, ColorG: v.G,
				ColorB: v.B, ColorA: v.A})
	}
	screen.DrawTriangles32(s.vertices, s.mesh.Indices, s.white,
		&ebiten.DrawTrianglesOptions{ColorScaleMode: ebiten.ColorScaleModePremultipliedAlpha})
	if !s.ready {
		s.ready = true
		s.post("ready", "")
	}
	if !s.drawn && len(s.to.Words) > 0 {
		s.drawn = true
		s.post("drawn", "")
	}
}
