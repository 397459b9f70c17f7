package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides the values of Secrets in messages, since API servers and webhooks quote what they reject. Finds a value as it
 * is in Git, in base64, decoded, and line by line. A value that is too short to be distinguished from other words is
 * found only in the field that a message about its Secret names. Keys and names are shown.
 *
 * <p>Messages must be masked before they are truncated; otherwise part of a value might remain. Immutable.
 */
public final class SecretMask {
    static final String HIDDEN = "(hidden)";
    /** Shorter values are common words, such as a user name, which would be hidden wherever they occur. */
    private static final int MIN_LENGTH = 6;
    /** The minimum length in a message about the Secret itself, where a value must be a whole word. */
    private static final int MIN_WORD = 3;
    /** Longer messages are hidden completely, which limits the time. */
    private static final int MAX_MESSAGE = 64 * 1024;
    /** If there are more values, every message is hidden completely. */
    private static final int MAX_VALUES = 5000;
    /** Further lines are hidden only as part of their whole value. */
    private static final int MAX_LINES = 1000;

    /** For messages that cannot contain a value. */
    static final SecretMask NONE = new SecretMask(Set.of(), false);
    /** All other fields may contain a value, including misspelled fields of a Secret. */
    private static final Set<String> PUBLIC_FIELDS = Set.of("apiVersion", "kind", "metadata", "type", "immutable");
    /** How server-side apply quotes a value of the wrong type; the end of the value cannot be determined. */
    private static final Pattern TYPED_VALUE = Pattern.compile("got &?value\\..*", Pattern.DOTALL);
    /** How decoders quote the text around an error. */
    private static final Pattern DECODED_TEXT = Pattern.compile("error found in #.*", Pattern.DOTALL);
    /** How validation quotes the value of a field. */
    private static final Pattern FIELD_VALUE = Pattern.compile(
            "(?<!\\w)((?:data|stringData)\\S*: \\w+ value: )(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\":][^:]*+)");

    private final List<String> values;
    private final boolean ofSecret;

    /** @param ofSecret whether the messages are about the Secret that contains the values */
    private SecretMask(Set<String> values, boolean ofSecret) {
        this.values = values.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
        this.ofSecret = ofSecret;
    }

    /** For messages about an application as a whole, or any of its resources. */
    public static SecretMask of(DesiredState desired) {
        Set<String> values = new HashSet<>();
        Set<String> known = new HashSet<>(List.of(desired.application(), desired.namespace()));
        for (DesiredObject object : desired.objects()) {
            known.add(object.name());
            known.add(object.kindName());
            if (isSecret(object.apiVersion(), object.kindName())) {
                collect(object.manifest(), values, MIN_LENGTH);
            }
        }
        values.removeAll(known);
        return values.isEmpty() ? NONE : new SecretMask(values, false);
    }

    /**
     * For the API server's response to a request about one object.
     *
     * @param manifest the manifest that is sent
     */
    static SecretMask of(ObjectId id, Map<String, Object> manifest) {
        if (!id.kind().group().isEmpty() || !isSecret("v1", id.kind().kind())) {
            return NONE;
        }
        Set<String> values = new HashSet<>();
        collect(manifest, values, MIN_WORD);
        return new SecretMask(values, true);
    }

    /** Returns the message without values; null for null. */
    @CheckForNull
    public String mask(@CheckForNull String message) {
        if (message == null || values.isEmpty() && !ofSecret) {
            return message;
        }
        if (message.length() > MAX_MESSAGE || values.size() > MAX_VALUES) {
            return "the message is hidden, since it may quote a Secret and is too long to be searched for its values";
        }
        String masked = ofSecret ? withoutQuotes(message) : message;
        for (String value : values) {
            if (value.length() >= MIN_LENGTH) {
                masked = masked.replace(value, HIDDEN);
            } else if (masked.contains(value)) {
                masked = Pattern.compile("(?<![\\w.-])" + Pattern.quote(value) + "(?![\\w-])")
                        .matcher(masked)
                        .replaceAll(Matcher.quoteReplacement(HIDDEN));
            }
        }
        return masked;
    }

    private static String withoutQuotes(String message) {
        String masked = TYPED_VALUE.matcher(message).replaceFirst("got a value of another type " + HIDDEN);
        masked = DECODED_TEXT.matcher(masked).replaceFirst(HIDDEN);
        return FIELD_VALUE.matcher(masked).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    }

    private static boolean isSecret(String apiVersion, String kind) {
        return apiVersion.equals("v1") && kind.equals("Secret");
    }

    private static void collect(Map<String, Object> secret, Set<String> values, int min) {
        List<Object> left = new ArrayList<>();
        secret.forEach((field, value) -> {
            if (!PUBLIC_FIELDS.contains(field)) {
                left.add(value);
            }
        });
        while (!left.isEmpty()) {
            Object value = left.remove(left.size() - 1);
            if (value instanceof Map<?, ?> map) {
                left.addAll(map.values());
            } else if (value instanceof List<?> list) {
                left.addAll(list);
            } else if (value != null) {
                add(values, value.toString(), min);
            }
        }
    }

    private static void add(Set<String> values, String written, int min) {
        addText(values, written, min);
        addText(values, encoded(written), min);
        String decoded = decoded(written);
        if (decoded != null) {
            addText(values, decoded, min);
        }
    }

    private static void addText(Set<String> values, String text, int min) {
        addOne(values, text, min);
        addOne(values, text.strip(), min);
        // The value in its JSON-quoted form.
        String quoted = JsonTree.format(text);
        addOne(values, quoted.substring(1, quoted.length() - 1), min);
        if (text.indexOf('\n') >= 0) {
            text.lines().limit(MAX_LINES).map(String::strip).forEach(line -> addOne(values, line, MIN_LENGTH));
        }
    }

    private static void addOne(Set<String> values, String text, int min) {
        if (text.length() >= min) {
            values.add(text);
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Null if the text is not base64-encoded text. */
    @CheckForNull
    private static String decoded(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.strip());
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }
}
