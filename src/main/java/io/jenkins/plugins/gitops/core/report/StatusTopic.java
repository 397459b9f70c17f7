package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;

/**
 * Routing key that matches status updates to waits without scanning: a folder or, if the agent does not report the
 * folder, an object of the agent.
 *
 * @param value equal for both sides
 */
public record StatusTopic(String value) {
    private static final String CHART_VALUES = "/values.yaml";

    /** The topic of a folder of the repository, in any spelling. */
    public static StatusTopic ofPath(String path) {
        return new StatusTopic("path:" + folder(path));
    }

    /**
     * The topic of an object whose agent does not report the folder.
     *
     * @param object as in {@link AgentReference#object()}
     */
    public static StatusTopic ofObject(AgentKind kind, String agent, String object) {
        return new StatusTopic(kind.name() + ":" + agent + ":" + object);
    }

    /** Whether this is the topic of the default values of a chart. */
    public boolean isOfChartValues() {
        return value.endsWith(CHART_VALUES);
    }

    /** Whether this is the topic of a folder below the one of a chart, by the topic of the chart's default values. */
    public boolean isBelowChartOf(StatusTopic values) {
        return values.isOfChartValues()
                && value.startsWith(values.value.substring(0, values.value.length() - CHART_VALUES.length() + 1));
    }

    /** The topic that a target subscribes to. */
    public static StatusTopic of(Target target) {
        AgentReference by = target.agent();
        return by == null || by.object() == null ? ofPath(target.path()) : ofObject(by.kind(), by.agent(), by.object());
    }

    /** The normalized form of a folder, which is the same for all its spellings; empty for the root. */
    public static String folder(String path) {
        String folder = path;
        while (folder.startsWith("./") || folder.startsWith("/")) {
            folder = folder.substring(folder.indexOf('/') + 1);
        }
        while (folder.endsWith("/")) {
            folder = folder.substring(0, folder.length() - 1);
        }
        return folder.equals(".") ? "" : folder;
    }
}
