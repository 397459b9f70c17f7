package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.model.UserIds;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Blocks changes of a target's images until a person releases it. A target is held while its hold file exists in the
 * config repository, even if the file cannot be read.
 *
 * @param by id of the person who holds it; {@code unknown} when it is not in the file
 * @param since the epoch when it is not in the file
 * @param reason one line
 * @param operation the rollback or hold that wrote the file; null when it is not in the file
 */
public record Hold(
        String by,
        Instant since,
        String reason,
        @CheckForNull String operation) {
    /** Value of {@code Gitops-Hold} in a commit that holds its target. */
    static final String HELD = "held";
    /** Value of {@code Gitops-Hold} in a commit that releases its target. */
    static final String RELEASED = "released";

    private static final String FOLDER = ".gitops/holds/";
    private static final String UNKNOWN = "unknown";

    /** The hold file of a target, relative to the repository's root. */
    public static String file(Target target) {
        return FOLDER + target.environment() + "/" + target.application() + ".yaml";
    }

    /**
     * The hold of a target; empty when it is not held.
     *
     * @throws IOException when the tree cannot be read
     */
    public static Optional<Hold> find(FileTree tree, Target target) throws IOException {
        String file = file(target);
        try {
            Optional<byte[]> content = tree.read(file);
            return content.isEmpty() ? Optional.empty() : Optional.of(parse(file, content.get()));
        } catch (UserErrorException e) {
            return Optional.of(new Hold(UNKNOWN, Instant.EPOCH, e.getMessage(), null));
        }
    }

    /** Whether a person set it; a hold by a build without a person is released by any person's change. */
    boolean isByPerson() {
        return UserIds.isPerson(by);
    }

    /**
     * The new hold of a target; null to keep the existing one. A build without a person does not replace the hold of a
     * person, since its own hold is released more easily.
     */
    @CheckForNull
    static Hold next(FileTree tree, Target target, ChangeMetadata changeMetadata) throws IOException {
        Optional<Hold> present = find(tree, target);
        return present.isPresent() && present.get().isByPerson() && !UserIds.isPerson(changeMetadata.requestedBy())
                ? null
                : of(changeMetadata);
    }

    /** A hold that starts now. */
    static Hold of(ChangeMetadata changeMetadata) {
        Trailers oneLine = Trailers.none()
                .with(Trailers.REQUESTED_BY, changeMetadata.requestedBy())
                .with(Trailers.REASON, changeMetadata.hasReason() ? changeMetadata.reason() : "no reason was given");
        return new Hold(
                oneLine.first(Trailers.REQUESTED_BY).orElse(UNKNOWN),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                oneLine.first(Trailers.REASON).orElseThrow(),
                changeMetadata.operationId());
    }

    private static Hold parse(String file, byte[] content) throws UserErrorException {
        Map<String, String> values = new HashMap<>();
        if (YamlText.parse(file, content).first().orElse(null) instanceof Mapping mapping) {
            for (KeyValue keyValue : mapping.entries()) {
                if (keyValue.value().resolved() instanceof Scalar scalar && !scalar.isNull()) {
                    values.put(keyValue.name(), scalar.value());
                }
            }
        }
        return new Hold(
                values.getOrDefault("by", UNKNOWN),
                instant(values.get("since")),
                values.getOrDefault("reason", file + " does not give a reason"),
                values.get("operation"));
    }

    private static Instant instant(@CheckForNull String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** The content of the hold file. */
    byte[] content() {
        StringBuilder text =
                new StringBuilder("# This target is held: no new image is set here until it is released.\n");
        line(text, "reason", reason);
        line(text, "by", by);
        line(text, "since", since.toString());
        if (operation != null) {
            line(text, "operation", operation);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(": \"");
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
            } else if (isText(c)) {
                text.appendCodePoint(c);
            } else {
                text.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            }
        });
        text.append("\"\n");
    }

    private static boolean isText(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
