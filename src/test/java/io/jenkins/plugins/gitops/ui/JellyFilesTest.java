package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** No page contains anything that a strict Content-Security-Policy blocks, or that allows markup injection. */
public class JellyFilesTest {
    private static final String ESCAPE = "<?jelly escape-by-default='true'?>";
    private static final Map<String, Pattern> FORBIDDEN = Map.of(
            "inline script", Pattern.compile("<script(?![^>]*\\ssrc=)[^>]*>", Pattern.CASE_INSENSITIVE),
            "event handler attribute", Pattern.compile("<[^>]*\\son[a-z]+\\s*=", Pattern.CASE_INSENSITIVE),
            "style element", Pattern.compile("<style[\\s>]", Pattern.CASE_INSENSITIVE),
            "style attribute", Pattern.compile("<[^>]*\\sstyle\\s*=", Pattern.CASE_INSENSITIVE),
            "script URL", Pattern.compile("javascript:", Pattern.CASE_INSENSITIVE),
            "unescaped output", Pattern.compile("<(j:out|st:out|x:out)\\b|escapeText|escape=\"false\""),
            "HTML tooltip", Pattern.compile("htmlTooltip|data-html-tooltip"),
            "legacy check URL", Pattern.compile("checkUrl\\s*="),
            "remote resource", Pattern.compile("(src|href)=\"(https?:)?//"));
    /** A message key, as opposed to the English text itself. */
    private static final Pattern LABEL = Pattern.compile("\\$\\{%([a-z][^}(]*)[(}]");

    @Test
    public void everyViewEscapesByDefault() throws IOException {
        List<String> bad = new ArrayList<>();
        for (Path view : files(".jelly")) {
            if (!Files.readString(view).startsWith(ESCAPE)) {
                bad.add(view.toString());
            }
        }
        assertThat(bad, is(empty()));
    }

    @Test
    public void noViewViolatesCsp() throws IOException {
        List<String> bad = new ArrayList<>();
        List<Path> views = files(".jelly");
        assertThat(views.size(), is(greaterThan(10)));
        for (Path view : views) {
            String text = Files.readString(view);
            FORBIDDEN.forEach((what, pattern) -> {
                if (pattern.matcher(text).find()) {
                    bad.add(view + ": " + what);
                }
            });
        }
        assertThat(bad, is(empty()));
    }

    @Test
    public void patternsMatchTheirExamples() {
        assertFinds("inline script", "<script>x()</script>");
        assertFinds("inline script", "<script type='text/javascript'>x()</script>");
        assertFinds("event handler attribute", "<a href='#' onclick='x()'>");
        assertFinds("style element", "<style>a {}</style>");
        assertFinds("unescaped output", "<j:out value='${x}'/>");
        assertFinds("remote resource", "<img src=\"//example.com/x.png\"/>");
        assertThat(
                FORBIDDEN.get("inline script").matcher("<script src='x.js'/>").find(), is(false));
        assertThat(
                FORBIDDEN
                        .get("event handler attribute")
                        .matcher("<a><b condition='x'/>")
                        .find(),
                is(false));
    }

    @Test
    public void everyLabelIsInTheProperties() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path view : files(".jelly")) {
            Path properties = view.resolveSibling(view.getFileName().toString().replace(".jelly", ".properties"));
            String known = Files.exists(properties) ? Files.readString(properties) : "";
            Matcher labels = LABEL.matcher(Files.readString(view));
            while (labels.find()) {
                String key = labels.group(1).replace(" ", "\\ ");
                if (!known.startsWith(key + "=") && !known.contains("\n" + key + "=")) {
                    missing.add(view + ": " + labels.group(1));
                }
            }
        }
        assertThat(missing, is(empty()));
    }

    /** Help may be in the folder of a base class, where Jenkins searches as well. */
    @Test
    public void everyFieldHasHelp() throws Exception {
        Pattern field = Pattern.compile("<f:entry[^>]*\\sfield=\"([A-Za-z]+)\"");
        List<String> missing = new ArrayList<>();
        for (Path view : files("config.jelly")) {
            Matcher fields = field.matcher(Files.readString(view));
            while (fields.find()) {
                if (!hasHelp(view.getParent(), fields.group(1))) {
                    missing.add(view + ": " + fields.group(1));
                }
            }
        }
        assertThat(missing, is(empty()));
    }

    private static boolean hasHelp(Path folder, String field) throws ClassNotFoundException {
        Path resources = resources();
        String name = resources.relativize(folder).toString().replace(File.separatorChar, '.');
        ClassLoader loader = JellyFilesTest.class.getClassLoader();
        for (Class<?> type = Class.forName(name, false, loader); type != null; type = type.getSuperclass()) {
            Path help = resources.resolve(type.getName().replace('.', '/')).resolve("help-" + field + ".html");
            if (Files.exists(help)) {
                return true;
            }
        }
        return false;
    }

    @Test
    public void scriptsDoNotEvaluateText() throws IOException {
        for (Path script : files(".js")) {
            String text = Files.readString(script);
            assertThat(script.toString(), text.contains("eval("), is(false));
            assertThat(script.toString(), text.contains("insertAdjacentHTML"), is(false));
            assertThat(script.toString(), text.contains("document.write"), is(false));
        }
    }

    private static void assertFinds(String what, String text) {
        assertThat(what, FORBIDDEN.get(what).matcher(text).find(), is(true));
    }

    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> all = Files.walk(resources())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private static Path resources() {
        return Path.of(System.getProperty("gitops.root", "."), "src", "main", "resources");
    }
}
