package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.render.Kustomization.Replica;
import io.jenkins.plugins.gitops.core.render.Node.Kind;
import io.jenkins.plugins.gitops.core.render.Node.Tag;
import java.util.ArrayList;
import java.util.List;

/** Sets the number of replicas of the workloads that have, or had, a name. */
final class ReplicaTransformer {
    private ReplicaTransformer() {}

    static void apply(Replica replica, ResourceList resources) throws RefusedException {
        boolean found = false;
        for (Resource resource : resources.resources()) {
            List<ResId> ids = new ArrayList<>(resource.previousIds());
            ids.add(resource.id());
            for (FieldSpec spec : FieldSpecs.REPLICAS) {
                boolean meant = ids.stream()
                        .anyMatch(id ->
                                id.name().equals(replica.name()) && spec.gvk().selects(id.gvk()));
                found |= meant;
                if (meant && spec.gvk().selects(resource.gvk())) {
                    set(spec, replica, resource);
                }
            }
        }
        if (!found) {
            throw new RefusedException(
                    replica.at(),
                    "there is no Deployment, StatefulSet, ReplicaSet or ReplicationController " + replica.name(),
                    "Mend the name");
        }
    }

    private static void set(FieldSpec spec, Replica replica, Resource resource) throws RefusedException {
        Node count = Node.tagged(Tag.INT, Long.toString(replica.count()));
        FieldPath.visitOrCreate(
                spec,
                resource.root(),
                Kind.SCALAR,
                Tag.INT,
                resource.location(),
                node -> FieldPath.setScalar(node, count.copy(), resource.location()));
    }
}
