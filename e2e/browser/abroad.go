package browser

import (
	"net"
	"net/http"
	"regexp"
	"sync"
)

// abroad is a proxy for all other hosts. It records the browser's requests and refuses them.
type abroad struct {
	url    string
	server *http.Server

	mu    sync.Mutex
	asked []string
}

// own matches requests that Chromium makes of its own accord, about updates and the time.
var own = regexp.MustCompile(`^\w+ (https?://)?[\w.-]+\.(google|googleapis|gvt1)\.com\b`)

func listenAbroad() (*abroad, error) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return nil, err
	}
	a := &abroad{url: "http://" + listener.Addr().String()}
	a.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if request := r.Method + " " + r.RequestURI; !own.MatchString(request) {
			a.mu.Lock()
			a.asked = append(a.asked, request)
			a.mu.Unlock()
		}
		http.Error(w, "no other machine can be reached from here", http.StatusForbidden)
	})}
	go func() { _ = a.server.Serve(listener) }()
	return a, nil
}

func (a *abroad) close() { _ = a.server.Close() }

// take returns the requests since the last call.
func (a *abroad) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}
