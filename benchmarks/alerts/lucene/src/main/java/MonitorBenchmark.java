import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Lucene Monitor over queries.jsonl and articles.jsonl of a folder: one thread's CPU time for a match, the whole program's for the build, four passes; writes matches.jsonl and prints one line of JSON. */
public final class MonitorBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int warm = Integer.parseInt(args[1]);
    Analyzer analyzer = new WhitespaceAnalyzer();
    long begun = System.nanoTime();
    try (Monitor monitor = new Monitor(analyzer, new MultipassTermFilteredPresearcher(4))) {
      List<MonitorQuery> batch = new ArrayList<>();
      try (BufferedReader lines = Files.newBufferedReader(folder.resolve("queries.jsonl"))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode item = JSON.readTree(line);
          batch.add(new MonitorQuery(item.get("id").asText(), query(item.get("query"))));
          if (batch.size() == 5000) {
            monitor.register(batch);
            batch.clear();
            progress(begun, monitor.getQueryCount() + " queries");
          }
        }
      }
      monitor.register(batch);
      double build = PROCESS.getProcessCpuTime() / 1e9;
      List<Document> documents = new ArrayList<>();
      try (BufferedReader lines = Files.newBufferedReader(folder.resolve("articles.jsonl"))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          documents.add(document(JSON.readTree(line)));
        }
      }
      for (int round = 0; round < warm; round++) {
        for (Document document : documents) {
          monitor.match(document, QueryMatch.SIMPLE_MATCHER);
        }
        progress(begun, "warm round " + (round + 1) + " of " + warm);
      }
      double[] times = new double[documents.size()];
      try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("matches.jsonl"))) {
        for (int number = 0; number < times.length; number++) {
          long start = CLOCK.getCurrentThreadCpuTime();
          var found = monitor.match(documents.get(number), QueryMatch.SIMPLE_MATCHER);
          times[number] = (CLOCK.getCurrentThreadCpuTime() - start) / 1e6;
          TreeSet<String> ids = new TreeSet<>();
          found.getMatches().forEach(match -> ids.add(match.getQueryId()));
          out.write(JSON.writeValueAsString(ids) + "\n");
        }
      }
      Arrays.sort(times);
      System.out.printf("{\"build\": %.2f, \"p50\": %.4f, \"p99\": %.4f}%n", build, times[times.length / 2], times[(int) (times.length * 0.99)]);
    }
  }

  private static void progress(long begun, String what) {
    System.err.printf("Lucene Monitor: %4.0f s, %s%n", (System.nanoTime() - begun) / 1e9, what);
  }

  private static Document document(JsonNode item) {
    Document out = new Document();
    out.add(new TextField("title", item.get("title").asText(), Field.Store.NO));
    out.add(new TextField("body", item.get("body").asText(), Field.Store.NO));
    item.get("tags").forEach(tag -> out.add(new StringField("tag", tag.asText(), Field.Store.NO)));
    return out;
  }

  private static Query query(JsonNode item) {
    if (item.has("all")) {
      BooleanQuery.Builder all = new BooleanQuery.Builder();
      boolean positive = false;
      for (JsonNode part : item.get("all")) {
        boolean not = part.has("not");
        positive |= !not;
        all.add(query(not ? part.get("not") : part), not ? BooleanClause.Occur.MUST_NOT : BooleanClause.Occur.MUST);
      }
      if (!positive) {
        all.add(new MatchAllDocsQuery(), BooleanClause.Occur.MUST);
      }
      return all.build();
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    if (item.has("any")) {
      item.get("any").forEach(part -> any.add(query(part), BooleanClause.Occur.SHOULD));
    } else if (item.has("keys")) {
      item.get("keys").forEach(key -> any.add(new TermQuery(new Term("tag", key.asText())), BooleanClause.Occur.SHOULD));
    } else if (item.has("words")) {
      for (JsonNode field : item.get("fields")) {
        any.add(words(field.asText(), item), BooleanClause.Occur.SHOULD);
      }
    } else {
      throw new IllegalArgumentException(item.toString());
    }
    return any.build();
  }

  private static Query words(String field, JsonNode item) {
    JsonNode words = item.get("words");
    if (item.get("prefix").asBoolean()) {
      return new PrefixQuery(new Term(field, words.get(0).asText()));
    }
    if (words.size() == 1) {
      return new TermQuery(new Term(field, words.get(0).asText()));
    }
    PhraseQuery.Builder phrase = new PhraseQuery.Builder().setSlop(item.get("slop").asInt());
    words.forEach(word -> phrase.add(new Term(field, word.asText())));
    return phrase.build();
  }

  private MonitorBenchmark() {}
}
