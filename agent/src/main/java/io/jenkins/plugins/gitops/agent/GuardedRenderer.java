package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.reconcile.Renderer;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Protects the agent from an application whose rendering ends the process: after two such exits, the application is not
 * rendered again at that revision. Thread-safe as long as each thread renders a different application.
 */
final class GuardedRenderer implements Renderer {
    /** A single exit may have another cause, such as a restart, or a concurrent rendering that used all memory. */
    static final int MAX_EXITS = 2;

    private final Renderer renderer;
    private final RenderJournal journal;

    GuardedRenderer(Renderer renderer, RenderJournal journal) {
        this.renderer = renderer;
        this.journal = journal;
    }

    @Override
    public boolean isSuspect(String application, String revision) {
        return journal.exits(application, revision) > 0;
    }

    @Override
    public List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException, IOException {
        return renderer.render(tree, path);
    }

    @Override
    public List<Map<String, Object>> render(String application, String revision, FileTree tree, String path)
            throws UserErrorException, IOException {
        int exits = journal.exits(application, revision);
        if (exits >= MAX_EXITS) {
            throw new UserErrorException(
                    path + " is not rendered at " + revision + ": the agent's process ended " + exits
                            + " times while rendering it",
                    "Make it smaller, or raise the agent's memory limit; a new commit is rendered as usual");
        }
        return recorded(application, revision, tree, path);
    }

    private List<Map<String, Object>> recorded(String application, String revision, FileTree tree, String path)
            throws UserErrorException, IOException {
        journal.begin(application, revision);
        try {
            return renderer.render(tree, path);
        } catch (StackOverflowError e) {
            throw new UserErrorException(path + " is nested too deeply to be rendered", "Reduce its nesting");
        } catch (OutOfMemoryError e) {
            throw new UserErrorException(
                    path + " needs more memory to render than the agent has",
                    "Make it smaller, or raise the agent's memory limit");
        } finally {
            journal.end(application, revision);
        }
    }
}
