package site

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	// patience is how long a reader may take for what is sent at once, 32 kB. Slow readers get everything as long as something moves.
	patience = 2 * time.Minute
	// bodyTime is how long is waited for the body of a request, which nobody reads.
	bodyTime = 10 * time.Second
	// sendBuffer is how many bytes the system keeps for a connection. With as much as it takes by itself, up to some megabytes, a slow
	// reader would empty a part of it before the next bytes are sent, and that can take longer than patience.
	sendBuffer = 256 << 10
)

// Server returns a server of a built site that ends connections on which nothing moves.
func Server(dir string) *http.Server {
	return &http.Server{
		Handler: Handler(dir), MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 10 * time.Second, WriteTimeout: patience, IdleTimeout: 2 * time.Minute,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetWriteBuffer(sendBuffer) // the system's own choice does too
			}
			return ctx
		},
	}
}

// A sender is an answer that has a new deadline whenever a part of it is written.
type sender struct {
	http.ResponseWriter
	control *http.ResponseController
	file    *file
}

// WriteHeader tells the length of a compressed file, which http.ServeContent tells only of others.
func (s *sender) WriteHeader(code int) {
	if code == http.StatusOK {
		s.Header().Set("Content-Length", strconv.FormatInt(s.file.tag.info.Size(), 10))
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *sender) Write(part []byte) (int, error) {
	_ = s.control.SetWriteDeadline(time.Now().Add(patience)) // a connection that has none is not on a network
	return s.ResponseWriter.Write(part)
}

// refuseBody ends the connection after the answer if the request has a body, and waits only a little for it.
func refuseBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // as in Write
}
