package io.jenkins.plugins.gitops.core.git;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Optional;

/** Finds the ticket of a change in a reason or a branch name. Takes linear time, whatever the pattern is. */
public final class TicketPattern {
    /** Keys of Jira and of most other trackers, such as {@code OPS-12}. */
    public static final String DEFAULT = "[A-Z][A-Z0-9]+-[0-9]+";

    private static final int MAX_PATTERN_LENGTH = 200;
    private static final int MAX_TICKET_LENGTH = 50;

    private final Pattern pattern;

    private TicketPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @param pattern a regular expression in RE2 syntax; its first group is the ticket, or the whole match if it has no
     *     group
     * @throws UserErrorException when it is not a valid regular expression, or too long
     */
    public static TicketPattern of(String pattern) throws UserErrorException {
        if (pattern.length() > MAX_PATTERN_LENGTH) {
            throw new UserErrorException(
                    "The pattern of tickets is longer than " + MAX_PATTERN_LENGTH + " characters", "Shorten it");
        }
        try {
            return new TicketPattern(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw new UserErrorException(
                            "The pattern of tickets is not a regular expression: "
                                    + TextSanitizer.line(e.getDescription()),
                            "Give one in the syntax of RE2, for example " + DEFAULT)
                    .causedBy(e);
        }
    }

    /** The first ticket in the first text that contains one; null texts are skipped. */
    public Optional<String> find(List<String> texts) {
        for (String text : texts) {
            Matcher matcher = pattern.matcher(text == null ? "" : text);
            if (matcher.find()) {
                String found = ticket(matcher);
                if (found != null) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }

    @CheckForNull
    private static String ticket(Matcher matcher) {
        String group = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        String line = group == null ? null : TextSanitizer.lineOrNull(group);
        return line == null || line.length() > MAX_TICKET_LENGTH ? null : line;
    }
}
