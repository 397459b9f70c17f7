package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one event of Flux's notification controller says.
 *
 * @param kind {@code Kustomization}, {@code HelmRelease}, {@code GitRepository}, ...
 * @param uid of the object, which another one of the same name does not have; null when it tells none
 * @param at when it happened, to the second
 * @param error whether its severity is {@code error}
 * @param reason as Flux calls it, such as {@code ReconciliationSucceeded}
 * @param message in Flux's words, at most {@link #MAX_MESSAGE} characters
 * @param revision as Flux wrote it, at most {@link #MAX_MESSAGE} characters; null when it tells none
 * @param commit the commit of the config repository that it is about, 40 hex digits; null when it tells none
 * @param finished whether it ends a reconciliation, as the status of a commit would be set
 */
public record FluxEvent(
        String kind,
        String namespace,
        String name,
        @CheckForNull String uid,
        Instant at,
        boolean error,
        String reason,
        String message,
        @CheckForNull String revision,
        @CheckForNull String commit,
        boolean finished) {
    /** A longer message is cut. */
    public static final int MAX_MESSAGE = 1000;

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Pattern KIND = Pattern.compile("[A-Za-z]{1,63}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final String GROUPS = ".toolkit.fluxcd.io/";
    private static final String HELM_RELEASE = "HelmRelease";
    static final String DELETED = " deleted";
    private static final Pattern NEXT_RUN = Pattern.compile("next run in ((?:\\d{1,6}(?:\\.\\d{1,9})?[hms]){1,3})");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,6})(?:\\.\\d{1,9})?([hms])");
    private static final Set<String> INSTALLED = Set.of("InstallSucceeded", "UpgradeSucceeded", "TestSucceeded");
    private static final Set<String> TAKEN_BACK =
            Set.of("RollbackSucceeded", "RollbackFailed", "UninstallSucceeded", "UninstallFailed");

    /**
     * What an event means for the object that it is about; the later ones win when a second holds several about one commit:
     * a try that failed is followed by one that did not, and a success by a check that failed.
     */
    enum Meaning {
        /** Nothing for the question what is live. */
        IRRELEVANT,
        /** It waits for another object. */
        WAITING,
        /** What its source has stored could not be fetched. */
        FETCH_FAILED,
        /** It could not be rendered. */
        BUILD_FAILED,
        /** It could not be applied, or not wholly. */
        FAILED,
        /** Objects were created, changed or deleted in the cluster. */
        CHANGED,
        /** All that it applied is healthy. */
        HEALTH_CHECK_PASSED,
        /** A reconciliation came to its end. */
        SUCCEEDED,
        /** It was applied, and is not healthy, or not yet. */
        UNHEALTHY,
        /** Helm went back to the former release. */
        ROLLED_BACK,
        /** The object was deleted together with what it had applied. */
        DELETED
    }

    /** Reads the body of a request; empty when it is not an event. */
    public static Optional<FluxEvent> parse(byte[] body) {
        try {
            JsonNode event = JSON.readTree(body);
            return event == null || !event.isObject() ? Optional.empty() : of(event);
        } catch (JacksonException | DateTimeException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("An array cannot fail to be read", e);
        }
    }

    private static Optional<FluxEvent> of(JsonNode event) {
        JsonNode object = event.path("involvedObject");
        String kind = object.path("kind").asText();
        String namespace = object.path("namespace").asText();
        String name = object.path("name").asText();
        if (!KIND.matcher(kind).matches()
                || !NAME.matcher(namespace).matches()
                || !NAME.matcher(name).matches()
                || !event.path("reason").isTextual()) {
            return Optional.empty();
        }
        JsonNode metadata = event.path("metadata");
        String group = object.path("apiVersion").asText().split("/", 2)[0];
        String revision = metadata(metadata, group, "revision");
        String origin = FluxRevision.commit(metadata(metadata, group, "originRevision"));
        String own = kind.equals(HELM_RELEASE) ? FluxRevision.commitOfChart(revision) : FluxRevision.commit(revision);
        return Optional.of(new FluxEvent(
                kind,
                namespace,
                name,
                object.path("uid").isTextual() ? cut(object.path("uid").asText()) : null,
                Instant.parse(event.path("timestamp").asText()),
                event.path("severity").asText().equals("error"),
                cut(event.path("reason").asText()),
                cut(event.path("message").asText()),
                revision,
                origin == null ? own : origin,
                metadata(metadata, group, "commit_status") != null));
    }

    /** A value by its key with the object's group before it, bare as on the wire, or with another group of Flux's. */
    @CheckForNull
    private static String metadata(JsonNode metadata, String group, String key) {
        for (String spelling : new String[] {group + "/" + key, key}) {
            if (metadata.path(spelling).isTextual()) {
                return cut(metadata.path(spelling).asText());
            }
        }
        for (Iterator<String> names = metadata.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.endsWith(GROUPS + key) && metadata.path(name).isTextual()) {
                return cut(metadata.path(name).asText());
            }
        }
        return null;
    }

    private static String cut(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
    }

    /** {@code Kustomization/flux-system/payments}. */
    public String object() {
        return kind + "/" + namespace + "/" + name;
    }

    /** Whether it is about an object that applies something to the cluster. */
    public boolean appliesToCluster() {
        return kind.equals("Kustomization") || isRelease();
    }

    boolean isRelease() {
        return kind.equals(HELM_RELEASE);
    }

    Meaning meaning() {
        if (reason.equals("DependencyNotReady")) {
            return Meaning.WAITING;
        }
        if (isRelease() && TAKEN_BACK.contains(reason)) {
            return Meaning.ROLLED_BACK;
        }
        return error ? ofError() : ofInfo();
    }

    private Meaning ofError() {
        return switch (reason) {
            case "HealthCheckFailed" -> Meaning.UNHEALTHY;
            case "BuildFailed" -> Meaning.BUILD_FAILED;
            // Flux calls it so, too, when the artifact was fetched and the folder is not in it.
            case "ArtifactFailed" -> message.contains("path not found") ? Meaning.FAILED : Meaning.FETCH_FAILED;
            default -> Meaning.FAILED;
        };
    }

    private Meaning ofInfo() {
        if (isRelease()) {
            return INSTALLED.contains(reason) ? Meaning.SUCCEEDED : Meaning.IRRELEVANT;
        }
        if (message.startsWith("Health check passed")) {
            return Meaning.HEALTH_CHECK_PASSED;
        }
        boolean progressing = reason.equals("Progressing");
        if (finished || message.startsWith("Reconciliation finished")) {
            return reason.equals("ReconciliationSucceeded") ? Meaning.SUCCEEDED : Meaning.IRRELEVANT;
        }
        if (!progressing && isDeletionOnly()) {
            // What is pruned is told while it is Progressing; with the reason of an earlier end only what is deleted
            // together
            // with the object itself is.
            return Meaning.DELETED;
        }
        return progressing ? Meaning.CHANGED : Meaning.IRRELEVANT;
    }

    /** When the object will be heard again at the latest as long as all goes well, ISO-8601; null when it does not say. */
    @CheckForNull
    String nextAt() {
        Matcher next = NEXT_RUN.matcher(message);
        if (!next.find()) {
            return null;
        }
        long seconds = 0;
        Matcher part = DURATION_PART.matcher(next.group(1));
        while (part.find()) {
            int unit = part.group(2).equals("h") ? 3600 : part.group(2).equals("m") ? 60 : 1;
            seconds += Long.parseLong(part.group(1)) * unit;
        }
        return at.plusSeconds(seconds).toString();
    }

    /** Whether it tells of objects that were deleted, and of nothing else. */
    boolean isDeletionOnly() {
        return !message.isBlank() && message.strip().lines().allMatch(line -> line.endsWith(DELETED));
    }
}
