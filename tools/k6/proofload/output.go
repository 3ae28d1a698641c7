// Package proofload is a k6 output that writes one short binary row a request, and loses none: k6 run -o proofload=fd:3.
package proofload

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

// Batches (one each 50 ms) that may wait for a reader that is busy; when they are used up, k6 waits too: no row is ever dropped.
const waitingBatches = 400

// The flow's wrapper puts the number of an iteration within its scenario here, and tells the start of the first one through the gauge.
const (
	indexKey   = "proofload_index"
	startGauge = "proofload_scenario_start"
)

func init() {
	output.RegisterExtension("proofload", func(params output.Params) (output.Output, error) {
		sink, err := openSink(params.ConfigArgument)
		return &rowOutput{sink: sink, place: params.ConfigArgument, rows: newRows()}, err
	})
}

func openSink(place string) (io.WriteCloser, error) {
	if digits, isFd := strings.CutPrefix(place, "fd:"); isFd {
		fd, err := strconv.Atoi(digits)
		if err != nil || fd < 3 {
			return nil, fmt.Errorf("proofload=%s: want fd:<number from 3 on> or a path", place)
		}
		return os.NewFile(uintptr(fd), place), nil
	}
	if place == "" {
		return nil, fmt.Errorf("proofload: want fd:<number from 3 on> or a path")
	}
	return os.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

type rowOutput struct {
	sink    io.WriteCloser
	place   string
	rows    *rows
	batches chan []byte
	written chan error
	abort   func(error)
}

func (o *rowOutput) Description() string { return "proofload (" + o.place + ")" }

// SetTestRunStopCallback makes k6 stop when nobody reads any more: traffic without evidence is only harm.
func (o *rowOutput) SetTestRunStopCallback(stop func(error)) { o.abort = stop }

func (o *rowOutput) Start() error {
	o.batches = make(chan []byte, waitingBatches)
	o.written = make(chan error, 1)
	go o.write()
	o.batches <- o.rows.header()
	return nil
}

func (o *rowOutput) write() {
	var failed error
	for batch := range o.batches {
		if failed != nil {
			continue
		}
		if _, failed = o.sink.Write(batch); failed != nil {
			o.abort(fmt.Errorf("proofload's reader is gone: %w", failed))
		}
	}
	o.written <- failed
}

func (o *rowOutput) AddMetricSamples(containers []metrics.SampleContainer) {
	for _, container := range containers {
		if trail, isRequest := container.(*httpext.Trail); isRequest {
			o.rows.request(trail)
			continue
		}
		for _, sample := range container.GetSamples() {
			o.rows.sample(sample)
		}
	}
	if batch := o.rows.take(); len(batch) > 0 {
		o.batches <- batch
	}
}

func (o *rowOutput) Stop() error {
	o.batches <- o.rows.trailer(time.Now())
	close(o.batches)
	if err := <-o.written; err != nil {
		return err
	}
	return o.sink.Close()
}
