package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.scm.RunWithSCM;

/**
 * The users who started a build, its upstream builds or the build that it replays, and the authors of all changes since
 * the last successful build of the job: a failed build passes its changes on to the next one. Reads builds from the
 * disk.
 */
public final class BuildParticipants {
    private static final Logger LOGGER = Logger.getLogger(BuildParticipants.class.getName());
    private static final int MAX_BUILDS = 100;
    private static final int MAX_AUTHORS = 500;
    private static final String GIT = "git";

    private final Set<String> starters = new LinkedHashSet<>();
    private final Set<CommitIdentity> authors = new LinkedHashSet<>();
    private final Set<String> gaps = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<Run<?, ?>> next = new ArrayDeque<>();
    private int builds;

    private BuildParticipants() {}

    public static BuildParticipants of(Run<?, ?> run) {
        BuildParticipants people = new BuildParticipants();
        people.next.add(run);
        while (!people.next.isEmpty()) {
            people.visit(people.next.remove());
        }
        return people;
    }

    /** Ids of the users who started any of the builds, nearest first. */
    public Set<String> starters() {
        return Collections.unmodifiableSet(starters);
    }

    /** Authors and committers, as recorded in their commits. */
    public Set<CommitIdentity> authors() {
        return Collections.unmodifiableSet(authors);
    }

    /** What could not be read, as text for messages: for example, an upstream build that was deleted. */
    public Set<String> gaps() {
        return Collections.unmodifiableSet(gaps);
    }

    /** The authors as a commit records them: name and mail address, or only the user id if nothing else is known. */
    public List<String> authorNames() {
        return authors.stream().map(CommitIdentity::recorded).distinct().toList();
    }

    private void visit(Run<?, ?> run) {
        if (!seen.add(run.getExternalizableId())) {
            return;
        }
        addStarters(run.getCauses(), starters);
        visitOrigins(run.getCauses());
        for (Run<?, ?> build = run; build != null; build = unfinished(build)) {
            if (++builds > MAX_BUILDS) {
                gaps.add(Messages.BuildParticipants_TooManyBuilds(MAX_BUILDS));
                return;
            }
            addAuthors(build);
        }
    }

    /** The previous build; null if it succeeded, since only changes after the last success are collected. */
    @CheckForNull
    private static Run<?, ?> unfinished(Run<?, ?> build) {
        Run<?, ?> previous = build.getPreviousBuild();
        return previous == null || Result.SUCCESS.equals(previous.getResult()) ? null : previous;
    }

    /**
     * Ids of the users who started the build or one of its upstream builds, nearest first. Reads only the causes, not
     * the disk.
     */
    public static Set<String> starters(Run<?, ?> run) {
        Set<String> ids = new LinkedHashSet<>();
        addStarters(run.getCauses(), ids);
        return ids;
    }

    private static void addStarters(List<Cause> causes, Set<String> ids) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UserIdCause user) {
                String id = user.getUserId();
                if (id != null && CommitUsers.isPerson(id)) {
                    ids.add(id);
                }
            }
        }
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause upstream) {
                // The copy in the cause names who started the upstream build, even if that build was deleted.
                addStarters(upstream.getUpstreamCauses(), ids);
            }
        }
    }

    private void visitOrigins(List<Cause> causes) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause upstream) {
                visitOrigins(upstream.getUpstreamCauses());
                visitLater(
                        upstream.getUpstreamRun(), upstream.getUpstreamProject() + " #" + upstream.getUpstreamBuild());
            }
            for (BuildOrigin origin : ExtensionList.lookup(BuildOrigin.class)) {
                if (origin.isOf(cause)) {
                    visitLater(origin.original(cause), cause.getShortDescription());
                }
            }
        }
    }

    private void visitLater(@CheckForNull Run<?, ?> run, String name) {
        if (run == null) {
            gaps.add(Messages.BuildParticipants_Gone(name));
        } else {
            next.add(run);
        }
    }

    private void addAuthors(Run<?, ?> run) {
        boolean fromGit = addFromGit(run);
        if (run instanceof RunWithSCM) {
            List<ChangeLogSet<? extends ChangeLogSet.Entry>> sets = ((RunWithSCM<?, ?>) run).getChangeSets();
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : sets) {
                if (!fromGit || !GIT.equals(set.getKind())) {
                    set.forEach(this::add);
                }
            }
        }
    }

    private boolean addFromGit(Run<?, ?> run) {
        try {
            GitChangelog log = GitChangelog.read(run.getRootDir().toPath());
            log.people().forEach(this::add);
            if (log.isCut()) {
                gaps.add(Messages.BuildParticipants_LogCut(run.getFullDisplayName()));
            }
            return !log.people().isEmpty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to read the change log of " + run);
            gaps.add(Messages.BuildParticipants_LogCut(run.getFullDisplayName()));
            return false;
        }
    }

    private void add(ChangeLogSet.Entry entry) {
        User user = entry.getAuthor();
        if (user != null) {
            String mail = "";
            for (UserMailAddress one : ExtensionList.lookup(UserMailAddress.class)) {
                mail = mail.isEmpty() ? Util.fixNull(one.of(user)) : mail;
            }
            add(new CommitIdentity(user.getFullName(), mail, user.getId()));
        }
    }

    private void add(CommitIdentity author) {
        if (authors.size() < MAX_AUTHORS) {
            authors.add(author);
        } else {
            gaps.add(Messages.BuildParticipants_TooManyAuthors(MAX_AUTHORS));
        }
    }
}
