package site

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	// patience is how long a client may take to read one write of 32 kB. A slow client gets
	// everything as long as it reads at all.
	patience = 2 * time.Minute
	// bodyTime is how long the server waits for the body of a request, which it does not need.
	bodyTime = 10 * time.Second
	// sendBuffer is the size of the system's send buffer. Its default is up to some megabytes, of
	// which a slow client must read a part before the next write, and that can take longer than
	// patience.
	sendBuffer = 256 << 10
)

// Server returns a server of a built site. It closes connections without progress.
func Server(dir string) *http.Server {
	return &http.Server{
		Handler: Handler(dir), MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 10 * time.Second, WriteTimeout: patience, IdleTimeout: 2 * time.Minute,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetWriteBuffer(sendBuffer) // on an error the default remains
			}
			return ctx
		},
	}
}

// A sender is a response writer with a new deadline for each write.
type sender struct {
	http.ResponseWriter
	control *http.ResponseController
	file    *file
}

// WriteHeader adds the length of a compressed file, which http.ServeContent leaves out.
func (s *sender) WriteHeader(code int) {
	if code == http.StatusOK {
		s.Header().Set("Content-Length", strconv.FormatInt(s.file.tag.info.Size(), 10))
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *sender) Write(part []byte) (int, error) {
	// a connection that has none is not on a network
	_ = s.control.SetWriteDeadline(time.Now().Add(patience))
	return s.ResponseWriter.Write(part)
}

// refuseBody closes the connection after the answer if the request has a body, and waits only
// bodyTime for it.
func refuseBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // as in Write
}
