package io.jenkins.plugins.gitops;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * Texts that users read are plain reference English. This test finds the turns that are wrong most often; a blank in a
 * pattern matches any white space.
 */
public class WordingTest {
    /** Labels, help and pages. */
    private static final String RESOURCES = "src/main/resources";
    /** Every string literal below these folders is checked, including exceptions and log lines. */
    private static final List<String> JAVA_FOLDERS =
            List.of("src/main/java", "agent/src/main/java", "agent/src/demo/java");

    /** Comments below these folders are checked. */
    private static final List<String> COMMENT_FOLDERS = List.of("src", "agent/src");

    private static final List<String> DOCS = List.of("docs", "README.md", "CONTRIBUTING.md", "SECURITY.md");

    private record Turn(Pattern pattern, String instead) {
        static Turn of(String pattern, String instead) {
            return new Turn(
                    Pattern.compile(
                            "\\b(?:" + pattern.replace(" ", "[\\s\\\\]{1,200}") + ")\\b", Pattern.CASE_INSENSITIVE),
                    instead);
        }
    }

    private static final List<Turn> TURNS = List.of(
            Turn.of("stands?(?! for\\b)|stood", "is"),
            // "There is no X" and "is no longer" are fine.
            Turn.of("(?<!there )is no(?! longer\\b)", "is not a valid"),
            Turn.of("told|tells?", "reported, logged"),
            Turn.of("whoever", "anyone who"),
            Turn.of("nobody|somebody", "no one, someone"),
            Turn.of("mend(?:s|ed|ing)?", "fix"),
            Turn.of("(?:made )?anew", "recreated"),
            Turn.of("in vain", "without success"),
            Turn.of("(?:takes?|taken|taking|took) (?:\\w+ )?back", "rolled back, cancelled"),
            Turn.of("look(?:s|ed|ing)? (?:at|into|after)", "checked"),
            Turn.of("hears? of|heard of", "receives"),
            Turn.of("under way", "running"),
            // "Behind a proxy" or "behind TLS" and a branch that is behind another one are fine.
            Turn.of("behind (?:each|every|it|that|them|this|those)", "after"),
            Turn.of("alone", "only"),
            // "Changes of its own branch" is fine.
            Turn.of("of (?:its|their) own(?! \\w)", "its own, separate"),
            Turn.of("at the place of", "instead of, at"));

    /** Precise enough where the reader knows the code: "the hash alone", "does not tell whether". */
    private static final Pattern ALLOWED_IN_COMMENTS =
            Pattern.compile("(?i)\\balone\\b|\\bof (?:its|their) own\\b|\\bnot tell\\b");

    /** Names of code in comments. */
    private static final Pattern CODE_IN_COMMENTS =
            Pattern.compile("\\{@(?:link|code|literal|value)[^}]*\\}|@param\\s+\\S+|\"[^\"\\n]*\"");

    /** Comments, string literals and character literals. */
    private static final Pattern TOKEN = Pattern.compile("(?s)(?<comment>/\\*.*?\\*/|//[^\\n]*)"
            + "|(?<text>\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")"
            + "|'(?:\\\\.|[^'\\\\])+'");

    @Test
    public void labelsAreInPlainEnglish() throws IOException {
        assertThat(problems(RESOURCES, ".properties", 20, "(?m)^\\s*[#!].*$|^(?:\\\\.|[^=\\\\\\n])*="), is(empty()));
    }

    @Test
    public void pagesAreInPlainEnglish() throws IOException {
        assertThat(problems(RESOURCES, ".jelly", 20, "(?s)<!--.*?-->|<[^>]*>|\\$\\{[^}]*\\}"), is(empty()));
    }

    @Test
    public void helpIsInPlainEnglish() throws IOException {
        assertThat(problems(RESOURCES, ".html", 40, "(?s)<!--.*?-->|<[^>]*>"), is(empty()));
    }

    /** Code blocks and inline code are excluded, since messages are checked in the code that creates them. */
    @Test
    public void documentationIsInPlainEnglish() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String path : DOCS) {
            problems.addAll(problems(path, ".md", 1, "(?s)```.*?```|`[^`]*`|\\]\\([^)]*\\)"));
        }
        assertThat(problems, is(empty()));
    }

    @Test
    public void messagesAreInPlainEnglish() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String folder : JAVA_FOLDERS) {
            for (Path file : files(folder, ".java", 1)) {
                problems.addAll(problems(file.toString(), literals(Files.readString(file))));
            }
        }
        assertThat(problems, is(empty()));
    }

    @Test
    public void commentsAreInPlainEnglish() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String folder : COMMENT_FOLDERS) {
            for (Path file : files(folder, ".java", 1)) {
                if (!file.endsWith("WordingTest.java")) {
                    problems.addAll(problems(file.toString(), comments(Files.readString(file))));
                }
            }
        }
        assertThat(problems, is(empty()));
    }

    @Test
    public void phrasesAreFoundInComments() {
        String code = """
                /**
                 * The file is looked
                 * at alone by {@code nobody}.
                 */
                log("told"); // It tells 'x'.
                """;
        assertThat(
                problems("A.java", comments(code)),
                contains("A.java:5: \"tells\": write reported, logged", "A.java:2: \"looked at\": write checked"));
    }

    @Test
    public void phrasesAreFoundAcrossLinesAndLiterals() {
        String code = """
                /** Told. "told" */
                log("The file was taken" // told
                        + " back by " + user, 'x', "it is no " + kind);
                pair("is", "no \\" told");
                """;
        assertThat(
                problems("A.java", literals(code)),
                contains(
                        "A.java:3: \"is no\": write is not a valid",
                        "A.java:4: \"told\": write reported, logged",
                        "A.java:2: \"taken back\": write rolled back, cancelled"));
    }

    @Test
    public void ordinaryUsesAreAllowed() {
        String text =
                "* stands for any characters. There is no agent; it is no longer running behind a proxy, on one of"
                        + " its own targets. I understand. Recommend it. Look up the standalone branch that is behind main.";
        assertThat(problems("a.md", text), is(empty()));
    }

    private static List<String> problems(String path, String extension, int atLeast, String ignored)
            throws IOException {
        Pattern pattern = Pattern.compile(ignored);
        List<String> problems = new ArrayList<>();
        for (Path file : files(path, extension, atLeast)) {
            String text = pattern.matcher(Files.readString(file)).replaceAll(match -> blank(match.group(), " "));
            problems.addAll(problems(file.toString(), text));
        }
        return problems;
    }

    private static List<String> problems(String file, String text) {
        List<String> problems = new ArrayList<>();
        for (Turn turn : TURNS) {
            Matcher matcher = turn.pattern().matcher(text);
            while (matcher.find()) {
                long line = 1
                        + text.chars()
                                .limit(matcher.start())
                                .filter(c -> c == '\n')
                                .count();
                String found = matcher.group().replaceAll("[\\s\\\\]+", " ");
                problems.add(file + ":" + line + ": \"" + found + "\": write " + turn.instead());
            }
        }
        return problems;
    }

    private static List<Path> files(String path, String extension, int atLeast) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(path))) {
            List<Path> files =
                    all.filter(f -> f.toString().endsWith(extension)).sorted().toList();
            assertThat("files of " + path, files, hasSize(greaterThan(atLeast - 1)));
            return files;
        }
    }

    /**
     * Returns the string literals of Java code at their offsets. Concatenated literals become one text; other code
     * becomes bars.
     */
    private static String literals(String code) {
        StringBuilder texts = new StringBuilder();
        Matcher token = TOKEN.matcher(code);
        int end = 0;
        while (token.find()) {
            if (token.group("comment") != null) {
                texts.append(between(code.substring(end, token.start()))).append(blank(token.group(), " "));
            } else if (token.group("text") != null) {
                String text = token.group().replaceAll("\\\\[a-z\"]", "  ");
                texts.append(between(code.substring(end, token.start()))).append(text.replace('"', ' '));
            } else {
                texts.append(blank(code.substring(end, token.end()), "|"));
            }
            end = token.end();
        }
        return texts.toString();
    }

    /** The comments of Java code, at their places; other code becomes bars. */
    private static String comments(String code) {
        StringBuilder texts = new StringBuilder();
        Matcher token = TOKEN.matcher(code);
        int end = 0;
        while (token.find()) {
            texts.append(blank(code.substring(end, token.start()), "|"));
            String comment = token.group("comment");
            texts.append(comment == null ? blank(token.group(), "|") : prose(comment));
            end = token.end();
        }
        return texts.toString();
    }

    private static String prose(String comment) {
        String text = comment.replaceAll("(?m)^(\\s*)\\*", "$1 ");
        text = CODE_IN_COMMENTS.matcher(text).replaceAll(match -> blank(match.group(), "|"));
        return ALLOWED_IN_COMMENTS.matcher(text).replaceAll(match -> blank(match.group(), "|"));
    }

    private static String between(String code) {
        return blank(code, code.matches("[\\s+]*") ? " " : "|");
    }

    private static String blank(String text, String by) {
        return text.replaceAll("[^\\n]", by);
    }
}
