package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** The messages of the agent that {@code docs/troubleshooting.md} quotes exist in its sources. */
public class TroubleshootingTest {
    private static final Path ROOT = Path.of(System.getProperty("gitops.root", "."));
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    /** Text of the API server that is part of our messages. */
    private static final List<String> FOREIGN = List.of("is forbidden:");

    @Test
    public void quotedMessagesOfTheAgentAreInItsSources() throws Exception {
        String sources = sources();
        List<String> unknown = new ArrayList<>();
        List<String> fragments = fragments();
        for (String fragment : fragments) {
            if (!sources.contains(fragment) && !FOREIGN.contains(fragment)) {
                unknown.add(fragment);
            }
        }

        assertThat(unknown, is(List.of()));
        assertThat(fragments.size(), is(greaterThan(25)));
    }

    /** Returns the fragments of the first column between the omissions. */
    private static List<String> fragments() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/troubleshooting.md"));
        String section = page.substring(page.indexOf("\n## The agent\n") + 1);
        section = section.substring(0, section.indexOf("\n## "));
        return section.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                .flatMap(cell -> QUOTED.matcher(cell).results().map(match -> match.group(1)))
                .flatMap(quoted -> Arrays.stream(quoted.split("\\.\\.\\.")))
                .map(String::strip)
                .filter(fragment -> fragment.length() > 2)
                .toList();
    }

    /** Returns the sources, with the literals of one message concatenated. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String folder : List.of("src/main/java", "agent/src/main/java", "agent/deploy")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    all.append(Files.readString(file)).append('\n');
                }
            }
        }
        return all.toString().replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("\\s+", " ");
    }
}
