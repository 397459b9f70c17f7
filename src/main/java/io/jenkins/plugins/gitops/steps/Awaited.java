package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** One change that a step waits for, as plain data; immutable, since the Pipeline's thread may store it at any time. */
final class Awaited implements Serializable {
    private static final long serialVersionUID = 1L;

    final String repository;
    /** Operation of the change in this run; null when the change is not this run's. */
    @CheckForNull
    final String operation;

    final String revision;
    private final String application;
    private final String environment;
    private final String path;
    private final String imageFile;
    private final ArrayList<String> imagePaths;
    private final String reportedAs;
    // The only agent that deploys the target; all three null for any, and in what was stored before there were such.
    private final String agentKind;
    private final String agent;
    private final String agentObject;
    private final ArrayList<String> images;
    /** Null until it is live. */
    private final String syncedRevision;

    private final String health;
    private final ArrayList<LinkedHashMap<String, Object>> resources;

    Awaited(String repository, @CheckForNull String operation, Target target, String revision, List<String> images) {
        this.repository = repository;
        this.operation = operation;
        this.revision = revision;
        this.application = target.application();
        this.environment = target.environment();
        this.path = target.path();
        this.imageFile = target.imageFile();
        this.imagePaths = new ArrayList<>(target.imagePaths());
        this.reportedAs = target.reportedAs();
        DeployedBy by = target.deployedBy();
        this.agentKind = by == null ? null : by.kind().name();
        this.agent = by == null ? null : by.agent();
        this.agentObject = by == null ? null : by.object();
        this.images = new ArrayList<>(images);
        this.syncedRevision = null;
        this.health = null;
        this.resources = new ArrayList<>();
    }

    private Awaited(Awaited from, Verdict.Live live, List<Report.Resource> rest) {
        this.repository = from.repository;
        this.operation = from.operation;
        this.revision = from.revision;
        this.application = from.application;
        this.environment = from.environment;
        this.path = from.path;
        this.imageFile = from.imageFile;
        this.imagePaths = from.imagePaths;
        this.reportedAs = from.reportedAs;
        this.agentKind = from.agentKind;
        this.agent = from.agent;
        this.agentObject = from.agentObject;
        this.images = from.images;
        this.syncedRevision = live.syncedRevision();
        this.health = live.health().word();
        this.resources = new ArrayList<>();
        for (Report.Resource resource : rest) {
            this.resources.add(map(resource));
        }
    }

    /** @param rest the resources that are not Synced and Healthy; there may be some when health was not asked for */
    Awaited live(Verdict.Live live, List<Report.Resource> rest) {
        return new Awaited(this, live, rest);
    }

    boolean isLive() {
        return syncedRevision != null;
    }

    Target target() {
        DeployedBy by = agentKind == null ? null : new DeployedBy(AgentKind.valueOf(agentKind), agent, agentObject);
        return new Target(application, environment, path, imageFile, imagePaths, reportedAs, by);
    }

    Expectation expectation(boolean healthy) throws RefusedException {
        List<ImageReference> expected = new ArrayList<>();
        for (String image : images) {
            expected.add(ImageReference.parse(image));
        }
        return new Expectation(target(), revision, expected, healthy);
    }

    /** What the step returns for it. */
    LinkedHashMap<String, Object> toMap() {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("app", application);
        map.put("env", environment);
        map.put("outcome", "live");
        map.put("revision", revision);
        map.put("syncedRevision", syncedRevision);
        map.put("health", health);
        map.put("resources", new ArrayList<>(resources));
        return map;
    }

    private static LinkedHashMap<String, Object> map(Report.Resource resource) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("kind", resource.kind());
        map.put("namespace", resource.namespace());
        map.put("name", resource.name());
        map.put("sync", resource.sync());
        map.put("health", resource.health());
        map.put("message", resource.message());
        return map;
    }
}
