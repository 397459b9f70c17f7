package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What a run changed in its config repositories, and what became of it. */
@ExportedBean
public final class DeliveryAction implements RunAction2 {
    /** Replaced, never changed: the run may be written to disk at any time. */
    private volatile ArrayList<ChangeRecord> changes = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    private DeliveryAction(Run<?, ?> run) {
        this.run = run;
    }

    /** The one of this run; null while it has changed nothing. */
    @CheckForNull
    static DeliveryAction find(Run<?, ?> run) {
        return run.getAction(DeliveryAction.class);
    }

    private static DeliveryAction of(Run<?, ?> run) {
        synchronized (run) {
            DeliveryAction action = find(run);
            if (action == null) {
                action = new DeliveryAction(run);
                run.addAction(action);
            }
            return action;
        }
    }

    /** Adds a change; the same operation again takes the place of what was known of it. Saves the run. */
    static void record(Run<?, ?> run, ChangeRecord change) throws IOException {
        of(run).put(change);
        run.save();
    }

    /** Adds what became of an operation; nothing happens when this run does not know it. Saves the run. */
    static void ended(Run<?, ?> run, String operation, ChangeRecord.Outcome outcome, String summary)
            throws IOException {
        DeliveryAction action = find(run);
        ChangeRecord known = action == null ? null : action.byOperation(operation);
        if (known != null) {
            action.put(known.ended(outcome, summary, System.currentTimeMillis()));
            run.save();
        }
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

    /** The newest change of each target, oldest first: the older ones are overtaken by this very run. */
    public List<ChangeRecord> getNewest() {
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
        return Messages.DeliveryAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return "gitops";
    }
}
