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
    private static final Set<String> NOT_BUILT = Set.of("BuildFailed", "ArtifactFailed");
    private static final Set<String> INSTALLED = Set.of("InstallSucceeded", "UpgradeSucceeded", "TestSucceeded");
    private static final Set<String> TAKEN_BACK =
            Set.of("RollbackSucceeded", "RollbackFailed", "UninstallSucceeded", "UninstallFailed");

    /** What an event means for the object that it is about; the later ones win when a second holds several. */
    enum Meaning {
        /** Nothing for the question what is live. */
        OTHER,
        /** It waits for another object. */
        WAITING,
        /** Objects were created, changed or deleted in the cluster. */
        CHANGED,
        /** All that it applied is healthy. */
        CHECKED,
        /** A reconciliation came to its end. */
        SUCCEEDED,
        /** It was applied, and is not healthy. */
        UNHEALTHY,
        /** It could not be rendered. */
        NOT_BUILT,
        /** It could not be applied, or not wholly. */
        FAILED,
        /** Helm went back to the former release. */
        TAKEN_BACK
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
    public boolean isDelivery() {
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
            return Meaning.TAKEN_BACK;
        }
        return error ? ofError() : ofInfo();
    }

    private Meaning ofError() {
        if (reason.equals("HealthCheckFailed")) {
            return Meaning.UNHEALTHY;
        }
        return NOT_BUILT.contains(reason) ? Meaning.NOT_BUILT : Meaning.FAILED;
    }

    private Meaning ofInfo() {
        if (isRelease()) {
            return INSTALLED.contains(reason) ? Meaning.SUCCEEDED : Meaning.OTHER;
        }
        if (message.startsWith("Health check passed")) {
            return Meaning.CHECKED;
        }
        if (reason.equals("ReconciliationSucceeded")) {
            // With this reason it also tells what it deleted together with itself, and that is the end of nothing.
            return finished || message.startsWith("Reconciliation finished") ? Meaning.SUCCEEDED : Meaning.CHANGED;
        }
        return reason.equals("Progressing") ? Meaning.CHANGED : Meaning.OTHER;
    }
}
