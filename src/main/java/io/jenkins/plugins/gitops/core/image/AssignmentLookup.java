package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of a text with lines {@code KEY=value}, such as an {@code .env} file. */
record AssignmentLookup(TextLines lines) implements ValueLookup {
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.-]{0,254})\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s#\"';]*))(.*)");
    /** Expansions that a shell computes; {@link ImageVariables} recognizes variables in braces. */
    private static final Pattern EXPANSION = Pattern.compile("`|\\$[^{]");
    /** The characters that may follow a value; a shell treats any other as part of it. */
    private static final String ENDS = " \t,;";

    /** Whether any line of the text is an assignment. */
    boolean hasAssignments() {
        return lines.lines().stream()
                .anyMatch(line -> ASSIGNMENT.matcher(line.text()).matches());
    }

    @Override
    public Optional<LineValue> find(String path) throws UserErrorException {
        LineValue found = null;
        for (TextLines.Line line : lines.lines()) {
            Matcher matcher = ASSIGNMENT.matcher(line.text());
            if (!matcher.matches() || !matcher.group(1).equals(path)) {
                continue;
            }
            int group = matcher.group(2) != null ? 2 : matcher.group(3) != null ? 3 : 4;
            LineValue value =
                    new LineValue(lines, line.start() + matcher.start(group), line.start() + matcher.end(group));
            String rest = matcher.group(5);
            boolean ends = rest.isEmpty() || ENDS.indexOf(rest.charAt(0)) >= 0;
            if (!ends || EXPANSION.matcher(matcher.group(group)).find()) {
                throw new UserErrorException(
                        value.location(),
                        path + " is not a single value",
                        "Write " + path + "=VALUE in Git first, with a space before a comment");
            }
            if (found != null) {
                throw new UserErrorException(
                        value.location(),
                        path + " is set a second time, after line "
                                + found.location().line(),
                        "Remove one of the two in Git first");
            }
            found = value;
        }
        return Optional.ofNullable(found);
    }

    @Override
    public Optional<LineValue> nameBeside(String tagPath) {
        return Optional.empty();
    }
}
