package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The trailers of a commit, in order: the last paragraph of its message, as parsed by {@code git interpret-trailers}.
 */
public final class Trailers {
    /** The operation that made the commit; looked up before anything is written. */
    public static final String OPERATION = "Gitops-Operation";
    /** {@code application/environment}. */
    public static final String TARGET = "Gitops-Target";
    /** {@code old -> new}, one line for each image. */
    public static final String IMAGE = "Gitops-Image";
    /** URL or name of the build. */
    public static final String BUILD = "Gitops-Build";
    /** Id of the person who requested the change. */
    public static final String REQUESTED_BY = "Gitops-Requested-By";
    /** Id of a person who approved; one line for each. */
    public static final String APPROVED_BY = "Gitops-Approved-By";
    /** {@code application/environment@revision} of the verified source. */
    public static final String PROMOTED_FROM = "Gitops-Promoted-From";
    /** The commit that a rollback reverts. */
    public static final String ROLLBACK_OF = "Gitops-Rollback-Of";
    /** Reason for the change. */
    public static final String REASON = "Gitops-Reason";
    /** An author of the changes in a new image: {@code Name <mail>} or the id of a user; one line for each. */
    public static final String AUTHOR = "Gitops-Author";
    /** Further authors of a commit, by Git convention. */
    static final String CO_AUTHOR = "Co-authored-by";
    /** The sign-off, as written by {@code git commit -s}: {@code Name <mail>}. */
    static final String SIGNED_OFF_BY = "Signed-off-by";
    /** {@code held} or {@code released}. */
    public static final String HOLD = "Gitops-Hold";

    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z0-9-]*): ?(.*)", Pattern.DOTALL);
    /** Control characters and Unicode's line and paragraph separators, since a value is one line of plain text. */
    private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private static final Pattern PARAGRAPHS = Pattern.compile("\n[ \t]*\n+");

    private static final int MAX_VALUE_LENGTH = 1024;
    private static final int MAX_KEY_LENGTH = 64;
    /** More than a change of all images of a target needs; bounded, since any commit can be pushed. */
    private static final int MAX_LINES = 1_000;

    private static final Trailers NONE = new Trailers(List.of());

    private final List<Trailer> lines;

    private Trailers(List<Trailer> lines) {
        this.lines = List.copyOf(lines);
    }

    private record Trailer(String key, String value) {}

    /** No trailers. */
    public static Trailers none() {
        return NONE;
    }

    /**
     * A copy with one more trailer at the end; line breaks and control characters become spaces, long values are
     * truncated.
     */
    public Trailers with(String key, String value) {
        List<Trailer> more = new ArrayList<>(lines);
        more.add(new Trailer(key, cut(oneLine(value))));
        return new Trailers(more);
    }

    private static String oneLine(String text) {
        return NOT_TEXT.matcher(text).replaceAll(" ").strip();
    }

    private static String cut(String text) {
        if (text.length() <= MAX_VALUE_LENGTH) {
            return text;
        }
        boolean halves = Character.isHighSurrogate(text.charAt(MAX_VALUE_LENGTH - 1));
        return text.substring(0, halves ? MAX_VALUE_LENGTH - 1 : MAX_VALUE_LENGTH)
                .strip();
    }

    /** The first value of a key, which is case-insensitive as in Git. */
    public Optional<String> first(String key) {
        return all(key).stream().findFirst();
    }

    /** All values of a key, in order. */
    public List<String> all(String key) {
        return lines.stream()
                .filter(l -> l.key().equalsIgnoreCase(key))
                .map(Trailer::value)
                .toList();
    }

    /**
     * Parses the last paragraph of a commit message; empty when that paragraph contains a line that is not a trailer,
     * or too many lines.
     */
    public static Trailers parse(String message) {
        String text = message.stripTrailing().replace("\r\n", "\n");
        int start = text.lastIndexOf("\n\n");
        if (start < 0) {
            return NONE;
        }
        if (text.length() - start > MAX_LINES * (MAX_KEY_LENGTH + MAX_VALUE_LENGTH)) {
            return NONE;
        }
        return block(text.substring(start + 2));
    }

    /**
     * Parses the trailers of all changes by this plugin in a message: a host that squashes several commits into one
     * concatenates their messages, with a star before each subject, and a merge indents them. Each block with an
     * operation counts; if there is none, the last paragraph counts.
     */
    static Trailers parseAll(String message) {
        List<Trailer> all = new ArrayList<>();
        for (Trailers block : blocks(message)) {
            if (all.size() + block.lines.size() <= MAX_LINES) {
                all.addAll(block.lines);
            }
        }
        return all.isEmpty() ? parse(message) : new Trailers(all);
    }

    /** The trailers of one operation in a message. */
    static Trailers ofOperation(String message, String operationId, @CheckForNull OperationScope scope) {
        return blocks(message).stream()
                .filter(block -> block.all(OPERATION).contains(operationId) && OperationScope.contains(scope, block))
                .findFirst()
                .orElseGet(() -> parse(message));
    }

    /** The trailers of each change in a message, as {@link #parseAll}; each has an operation. */
    static List<Trailers> changes(String message) {
        List<Trailers> blocks = blocks(message);
        return blocks.isEmpty()
                ? Stream.of(parse(message))
                        .filter(last -> last.first(OPERATION).isPresent())
                        .toList()
                : blocks;
    }

    private static List<Trailers> blocks(String message) {
        List<Trailers> blocks = new ArrayList<>();
        if (message.length() > MAX_LINES * (MAX_KEY_LENGTH + MAX_VALUE_LENGTH) || !message.contains(OPERATION)) {
            return blocks;
        }
        boolean subject = true;
        for (String paragraph : PARAGRAPHS.split(message.stripTrailing().replace("\r\n", "\n"))) {
            if (!subject && paragraph.contains(OPERATION)) {
                String indent = paragraph.substring(
                        0, paragraph.length() - paragraph.stripLeading().length());
                Trailers block = block(paragraph.replace("\n" + indent, "\n").substring(indent.length()));
                if (block.first(OPERATION).isPresent()) {
                    blocks.add(block);
                }
            }
            subject = false;
        }
        return blocks;
    }

    /** Empty when there is a line that is not a trailer, or too many lines. */
    private static Trailers block(String text) {
        List<Trailer> found = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (found.size() == MAX_LINES
                    || !matcher.matches()
                    || matcher.group(1).length() > MAX_KEY_LENGTH) {
                return NONE;
            }
            found.add(new Trailer(matcher.group(1), cut(oneLine(matcher.group(2)))));
        }
        return new Trailers(found);
    }

    /** The complete commit message with a subject line. */
    public String message(String subject) {
        StringBuilder message = new StringBuilder(oneLine(subject));
        message.append('\n');
        if (!lines.isEmpty()) {
            message.append('\n');
        }
        for (Trailer line : lines) {
            message.append(line.key()).append(": ").append(line.value()).append('\n');
        }
        return message.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trailers && ((Trailers) other).lines.equals(lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
