package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;

/** Determines the default branch of a remote. */
public final class DefaultBranch {
    /** The target of HEAD in a clone whose default branch is not known yet. */
    public static final String UNKNOWN_REF = Constants.R_REMOTES + "origin/" + Constants.HEAD;

    private DefaultBranch() {}

    /**
     * The branch that the remote's {@code HEAD} refers to, as for {@code git clone}. If that branch does not exist, as
     * after {@code git init} and a push to another one, and the remote has a single branch, returns that branch.
     *
     * @return a short name such as main
     * @throws GitRemoteException when the remote cannot be read, has no branch, or has several branches and no default
     */
    public static String of(String url, GitCredentials access, GitOptions options) throws GitRemoteException {
        RemoteBranch remote = new RemoteBranch(url, Constants.HEAD, access, options);
        for (Ref ref : remote.listRefs(List.of(new RefSpec(Constants.HEAD)))) {
            Ref branch = namedBy(ref);
            if (branch != null) {
                return Repository.shortenRefName(branch.getName());
            }
        }
        return only(
                url,
                remote.listRefs(List.of(new RefSpec(Constants.R_HEADS + "*", RefSpec.WildcardMode.ALLOW_MISMATCH))));
    }

    /**
     * The branch that a remote's HEAD refers to.
     *
     * @param head as advertised by the remote; null if it is not
     * @return null if it is not HEAD, is detached, or refers to something that is not a valid branch
     */
    @CheckForNull
    static Ref namedBy(@CheckForNull Ref head) {
        if (head == null || !head.getName().equals(Constants.HEAD) || !head.isSymbolic()) {
            return null;
        }
        Ref branch = head.getTarget();
        // The name is used as the path of a file.
        boolean valid = branch.getName().startsWith(Constants.R_HEADS)
                && RemoteUrl.isBranch(branch.getName().substring(Constants.R_HEADS.length()));
        return valid && branch.getObjectId() != null ? branch : null;
    }

    private static String only(String url, Collection<Ref> refs) throws GitRemoteException {
        List<String> branches = refs.stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(Repository::shortenRefName)
                .filter(RemoteUrl::isBranch)
                .toList();
        if (branches.size() == 1) {
            return branches.get(0);
        }
        throw new GitRemoteException(
                url + (branches.isEmpty() ? " has no branch" : " names no default branch, and has several branches"),
                branches.isEmpty() ? "Push a first commit" : "Name the branch, such as " + branches.get(0));
    }
}
