// Command dashboard-schema reads a Grafana dashboard from stdin and checks it against Grafana's schema: unknown fields,
// types, and constraints, down to the options of each panel and the fields of each query.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(from io.Reader) error {
	raw, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	var read dashboard.Dashboard
	for _, err := range []error{read.UnmarshalJSONStrict(raw), read.Validate()} {
		// The generated code returns its list of problems also when it is empty.
		if problems, ok := err.(cog.BuildErrors); err != nil && (!ok || len(problems) > 0) {
			return err
		}
	}
	if len(read.Panels) == 0 {
		return fmt.Errorf("the dashboard has no panels")
	}
	fmt.Printf("%d panels and rows fit the schema\n", len(read.Panels))
	return nil
}
