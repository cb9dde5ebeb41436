// Reads alert rules as `promtool check rules` does: with Prometheus' own parser, expressions and templates included.
package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	rules, failures := rulefmt.ParseFile(
		os.Args[1], false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.Default())
	for _, failure := range failures {
		fmt.Fprintln(os.Stderr, failure)
	}
	if len(failures) > 0 {
		os.Exit(1)
	}
	count := 0
	for _, group := range rules.Groups {
		count += len(group.Rules)
	}
	fmt.Println(count)
}
