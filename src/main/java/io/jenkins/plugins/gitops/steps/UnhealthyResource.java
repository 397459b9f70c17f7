package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.Report;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A resource that was not Synced and Healthy when a wait ended. Plain data, stored with the run; texts are bounded. */
@ExportedBean(defaultVisibility = 3)
public final class UnhealthyResource implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_MESSAGE_LENGTH = 500;

    private final String kind;
    private final String namespace;
    private final String name;
    private final String sync;
    private final String health;
    private final String message;

    private UnhealthyResource(Report.ResourceStatus resourceStatus) {
        this.kind = bounded(resourceStatus.kind());
        this.namespace = bounded(resourceStatus.namespace());
        this.name = bounded(resourceStatus.name());
        this.sync = bounded(resourceStatus.sync());
        this.health = bounded(resourceStatus.health());
        this.message = bounded(resourceStatus.message());
    }

    static UnhealthyResource of(Report.ResourceStatus resourceStatus) {
        return new UnhealthyResource(resourceStatus);
    }

    @CheckForNull
    private static String bounded(@CheckForNull String text) {
        return text == null ? null : TextSanitizer.line(text, MAX_MESSAGE_LENGTH);
    }

    @Exported
    public String getKind() {
        return kind;
    }

    /** Null for cluster-scoped resources. */
    @CheckForNull
    @Exported
    public String getNamespace() {
        return namespace;
    }

    @Exported
    public String getName() {
        return name;
    }

    /** {@code Synced}, {@code OutOfSync} or {@code Unknown}. */
    @Exported
    public String getSync() {
        return sync;
    }

    /** {@code Healthy}, {@code Progressing}, {@code Degraded}, ...; null for kinds without health. */
    @CheckForNull
    @Exported
    public String getHealth() {
        return health;
    }

    /** The message of the cluster; null when there is none. */
    @CheckForNull
    @Exported
    public String getMessage() {
        return message;
    }

    /** The entry in the return value of a step. */
    Map<String, Object> toMap() {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("kind", kind);
        map.put("namespace", namespace);
        map.put("name", name);
        map.put("sync", sync);
        map.put("health", health);
        map.put("message", message);
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnhealthyResource && toMap().equals(((UnhealthyResource) other).toMap());
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, namespace, name);
    }
}
