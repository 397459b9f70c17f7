package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the first line of a commit message is written.
 *
 * @param template text with placeholders {@code {summary} {app} {env} {image} {reason} {ticket}}; a placeholder without a
 *     value is left out together with the punctuation around it
 * @param suffix appended to every subject, for example {@code [skip ci]}; may be empty
 * @param ticket null when there is none
 */
public record SubjectTemplate(
        String template, String suffix, @CheckForNull String ticket) {
    /** The usual subject and nothing else. */
    public static final SubjectTemplate DEFAULT = new SubjectTemplate("{summary}", "", null);

    private static final String TICKET = "ticket";
    private static final Set<String> NAMES = Set.of("summary", "app", "env", "image", "reason", TICKET);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern EMPTY_BRACKETS = Pattern.compile("\\(\\s*\\)|\\[\\s*]");
    private static final Pattern SPACES = Pattern.compile(" {2,}");
    /** What joins two values and is left over when one of them is missing. */
    private static final Pattern LEADING = Pattern.compile("^[\\s:,;|/–-]+");

    private static final Pattern TRAILING = Pattern.compile("[\\s:,;|/–-]+$");
    private static final int MAX_TEMPLATE_LENGTH = 200;
    private static final int MAX_SUFFIX_LENGTH = 50;
    private static final int MAX_VALUE_LENGTH = 200;
    /** Hosts that limit the subject limit it to more than this. */
    private static final int MAX_SUBJECT_LENGTH = 250;

    private static final String ARROW = "-> ";

    /**
     * @param setting what the user calls the template where it is set, for messages
     * @throws UserErrorException when a template has an unknown placeholder, or template or suffix are not one short line
     */
    public static void check(String setting, String template, String suffix) throws UserErrorException {
        requireLine(setting, template, MAX_TEMPLATE_LENGTH);
        requireLine(setting + " (suffix)", suffix, MAX_SUFFIX_LENGTH);
        Matcher placeholders = PLACEHOLDER.matcher(template);
        while (placeholders.find()) {
            if (!NAMES.contains(placeholders.group(1))) {
                throw new UserErrorException(
                        setting + " has an unknown placeholder {" + placeholders.group(1) + "}",
                        "Use {summary}, {app}, {env}, {image}, {reason} or {ticket}");
            }
        }
    }

    private static void requireLine(String setting, String text, int most) throws UserErrorException {
        if (text.length() > most || !TextSanitizer.isClean(text)) {
            throw new UserErrorException(
                    setting + " is not one line of at most " + most + " characters",
                    "Remove line breaks and control characters, and shorten it");
        }
    }

    /** Whether the subject asks for a ticket. */
    public boolean needsTicket() {
        return template.contains("{" + TICKET + "}");
    }

    /** These with a ticket. */
    public SubjectTemplate withTicket(@CheckForNull String found) {
        return new SubjectTemplate(template, suffix, found);
    }

    /** The subject of a plan's commit; never empty. */
    String subject(ChangePlan plan) {
        if (suffix.isEmpty() && template.equals(DEFAULT.template)) {
            return plan.subject();
        }
        String subject = tidy(PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), plan))));
        String line = cut(subject.isEmpty() ? plan.subject() : subject, MAX_SUBJECT_LENGTH - suffix.length());
        return suffix.isEmpty() ? line : line + " " + suffix;
    }

    private String value(String name, ChangePlan plan) {
        Trailers trailers = plan.trailers();
        String target = trailers.first(Trailers.TARGET).orElse("");
        int slash = target.indexOf('/');
        String value =
                switch (name) {
                    case "summary" -> plan.subject();
                    case "app" -> slash < 0 ? target : target.substring(0, slash);
                    case "env" -> slash < 0 ? "" : target.substring(slash + 1);
                    case "image" -> images(trailers.all(Trailers.IMAGE));
                    case "reason" -> trailers.first(Trailers.REASON).orElse("");
                    case TICKET -> ticket == null ? "" : ticket;
                    default -> "";
                };
        return cut(TextSanitizer.line(value, TextSanitizer.MAX_LENGTH), MAX_VALUE_LENGTH);
    }

    private static String images(List<String> changes) {
        return changes.stream()
                .map(change -> change.substring(change.indexOf(ARROW) < 0 ? 0 : change.indexOf(ARROW) + ARROW.length()))
                .collect(Collectors.joining(", "));
    }

    /** Without what the gap of a missing value leaves behind. */
    private static String tidy(String text) {
        String filled =
                SPACES.matcher(EMPTY_BRACKETS.matcher(text).replaceAll("")).replaceAll(" ");
        return TRAILING.matcher(LEADING.matcher(filled).replaceFirst("")).replaceFirst("");
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 4)) ? most - 4 : most - 3;
        return text.substring(0, end).stripTrailing() + "...";
    }
}
