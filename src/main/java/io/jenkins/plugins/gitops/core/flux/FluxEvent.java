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
 * One event of Flux's notification controller.
 *
 * @param kind {@code Kustomization}, {@code HelmRelease}, {@code GitRepository}, ...
 * @param uid the UID of the object, which distinguishes it from another of the same name; null if the event has none
 * @param at when it happened, to the second
 * @param error whether its severity is {@code error}
 * @param reason Flux's reason, such as {@code ReconciliationSucceeded}
 * @param message Flux's message, at most {@link #MAX_MESSAGE} characters
 * @param revision as written by Flux, at most {@link #MAX_MESSAGE} characters; null if the event has none
 * @param commit the commit of the config repository that it concerns, 40 hex digits; null if the event has none
 * @param finished whether it ends a reconciliation, as an event that sets a commit status does
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
    /** A longer message is truncated. */
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
     * What an event means for its object. If several events about one commit have the same time, the later constant
     * wins: a failed attempt is followed by a successful one, and a success by a failed health check.
     */
    enum Meaning {
        /** Irrelevant for the decision what is live. */
        IRRELEVANT,
        /** The object waits for a dependency. */
        WAITING,
        /** The artifact of its source could not be fetched. */
        FETCH_FAILED,
        /** The manifests could not be rendered. */
        BUILD_FAILED,
        /** The manifests could not be applied, or only partly. */
        FAILED,
        /** Objects were created, changed or deleted in the cluster. */
        CHANGED,
        /** All applied objects are healthy. */
        HEALTH_CHECK_PASSED,
        /** A reconciliation completed. */
        SUCCEEDED,
        /** The manifests were applied, and an object is not healthy, or not yet. */
        UNHEALTHY,
        /** Helm rolled back to the previous release. */
        ROLLED_BACK,
        /** The object was deleted together with the objects that it had applied. */
        DELETED
    }

    /** Parses the body of a request; empty if it is not an event. */
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

    /**
     * The value of a key with the group of the object as its prefix, without a prefix as it is sent, or with another
     * Flux group.
     */
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

    /** Whether the object applies something to the cluster. */
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
            // Flux uses this reason also if the artifact was fetched and does not contain the folder.
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
            // Pruning is reported with the reason Progressing. With the reason of an earlier end, only the objects that
            // are deleted together with the object itself are reported.
            return Meaning.DELETED;
        }
        return progressing ? Meaning.CHANGED : Meaning.IRRELEVANT;
    }

    /** When the next event of the object is due if all goes well, ISO-8601; null if it does not announce one. */
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

    /** Whether the event reports only deleted objects. */
    boolean isDeletionOnly() {
        return !message.isBlank() && message.strip().lines().allMatch(line -> line.endsWith(DELETED));
    }
}
