package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The changes that a run made in its config repositories, and their outcomes. */
@ExportedBean
public final class GitopsChangesAction implements RunAction2, StaplerProxy {
    private static final Logger LOGGER = Logger.getLogger(GitopsChangesAction.class.getName());

    /** Replaced instead of modified, since the run may be written to disk at any time. */
    private volatile ArrayList<ChangeRecord> changes = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    private GitopsChangesAction(Run<?, ?> run) {
        this.run = run;
    }

    /** The action of a run; null when the run has changed nothing. */
    @CheckForNull
    static GitopsChangesAction find(Run<?, ?> run) {
        return run.getAction(GitopsChangesAction.class);
    }

    private static GitopsChangesAction of(Run<?, ?> run) {
        synchronized (run) {
            GitopsChangesAction action = find(run);
            if (action == null) {
                action = new GitopsChangesAction(run);
                run.addAction(action);
            }
            return action;
        }
    }

    /** Adds a change, or replaces the one with the same operation id. Saves the run. */
    static void record(Run<?, ?> run, ChangeRecord change) throws IOException {
        of(run).put(change);
        run.save();
    }

    /**
     * Adds the outcome of an operation; does nothing if this run has no such operation. Saves the run; a failure to
     * save is only logged, since the build's log contains the outcome.
     */
    static void ended(Run<?, ?> run, String operation, ChangeRecord.AwaitEnd end) {
        try {
            update(run, operation, known -> known.ended(end));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to store the outcome of " + operation);
        }
    }

    /** Records that the change of an operation was rolled back. Saves the run. */
    static void rolledBack(Run<?, ?> run, String operation, String commit) throws IOException {
        update(run, operation, known -> known.rolledBackBy(commit));
    }

    private static void update(Run<?, ?> run, String operation, UnaryOperator<ChangeRecord> change) throws IOException {
        GitopsChangesAction action = find(run);
        if (action != null && action.replace(operation, change)) {
            run.save();
        }
    }

    /** The change of an operation; null when this run has no such operation. */
    @CheckForNull
    static ChangeRecord find(Run<?, ?> run, @CheckForNull String operation) {
        GitopsChangesAction action = operation == null ? null : find(run);
        return action == null ? null : action.byOperation(operation);
    }

    private synchronized boolean replace(String operation, UnaryOperator<ChangeRecord> change) {
        ChangeRecord known = byOperation(operation);
        if (known != null) {
            put(change.apply(known));
        }
        return known != null;
    }

    private synchronized void put(ChangeRecord change) {
        ArrayList<ChangeRecord> next = new ArrayList<>(changes);
        int at = -1;
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).getOperation().equals(change.getOperation())) {
                at = i;
            }
        }
        if (at < 0) {
            next.add(change);
        } else {
            next.set(at, change);
        }
        changes = next;
    }

    @CheckForNull
    private ChangeRecord byOperation(String operation) {
        return changes.stream()
                .filter(c -> c.getOperation().equals(operation))
                .findFirst()
                .orElse(null);
    }

    /** All changes, oldest first. */
    @Exported(visibility = 2)
    public List<ChangeRecord> getChanges() {
        return Collections.unmodifiableList(changes);
    }

    /** The newest change of each target, oldest first; omits those that this run itself superseded. */
    public List<ChangeRecord> getNewest() {
        return newest(changes);
    }

    /** The newest of each target among some changes, oldest first. */
    static List<ChangeRecord> newest(List<ChangeRecord> changes) {
        List<ChangeRecord> newest = new ArrayList<>();
        for (ChangeRecord change : changes) {
            newest.removeIf(n -> n.isAbout(change.getRepository(), change.getApplication(), change.getEnvironment()));
            newest.add(change);
        }
        return newest;
    }

    /** The run that this belongs to. */
    public Run<?, ?> getRun() {
        return run;
    }

    /** The remote API of this page. */
    public Api getApi() {
        return new Api(this);
    }

    /** Whether the user can open the pages of the targets. */
    public boolean isLinked() {
        return Jenkins.get().hasPermission(GitopsPermissions.VIEW);
    }

    /** Requires permission to read the run, for the page and the remote API. */
    @Override
    public Object getTarget() {
        run.checkPermission(Item.READ);
        return this;
    }

    @Override
    public void onAttached(Run<?, ?> attachedTo) {
        run = attachedTo;
    }

    @Override
    public void onLoad(Run<?, ?> loaded) {
        run = loaded;
    }

    @Override
    public String getIconFileName() {
        return "symbol-git-commit-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.GitopsChangesAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return "gitops";
    }
}
