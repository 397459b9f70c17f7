package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;

/**
 * How news find those whom they concern, without a look at all: what an agent says about a folder or, where it cannot
 * tell a folder, about an object of its own, and what a wait listens to.
 *
 * @param value equal for both sides
 */
public record StatusTopic(String value) {
    /** News of a folder of the repository, however it is written. */
    public static StatusTopic ofPath(String path) {
        return new StatusTopic("path:" + folder(path));
    }

    /**
     * News of an object of an agent that does not tell the folder.
     *
     * @param object as in {@link AgentReference#object()}
     */
    public static StatusTopic ofObject(AgentKind kind, String agent, String object) {
        return new StatusTopic(kind.name() + ":" + agent + ":" + object);
    }

    /** What a target listens to. */
    public static StatusTopic of(Target target) {
        AgentReference by = target.agent();
        return by == null || by.object() == null ? ofPath(target.path()) : ofObject(by.kind(), by.agent(), by.object());
    }

    /** A folder in the one form in which all ways to write it are equal; empty for the root. */
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
