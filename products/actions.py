"""Products of an enterprise."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from enterprises.models import Enterprise
from products.models import Product


@transaction.atomic
def add_product(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Product:
    """Raises Refused when the enterprise has a product of that name."""
    if Product.objects.filter(enterprise=enterprise, name_vi=facts["name_vi"]).exists():
        raise Refused(_("Your enterprise has a product of this name already: %(name)s.") % {"name": facts["name_vi"]})
    product = Product.objects.create(enterprise=enterprise, created_at=at, **facts)
    audit.record("product.added", product, by=by, at=at)
    return product


@transaction.atomic
def update_product(*, product: Product, by: Any, at: datetime, **facts: Any) -> Product:
    """Write changed facts; raises Refused when the new name is taken within the enterprise."""
    name = facts.get("name_vi", product.name_vi)
    twins = Product.objects.filter(enterprise_id=product.enterprise_id, name_vi=name)
    if twins.exclude(pk=product.pk).exists():
        raise Refused(_("Your enterprise has a product of this name already: %(name)s.") % {"name": name})
    changed = {n: [str(getattr(product, n)), str(v)] for n, v in facts.items() if getattr(product, n) != v}
    if changed:
        for field, value in facts.items():
            setattr(product, field, value)
        product.save()
        audit.record("product.changed", product, by=by, at=at, changed=changed)
    return product
